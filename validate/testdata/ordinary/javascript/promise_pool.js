// Run async tasks with limited concurrency.
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function pool(tasks, limit) {
  const results = new Array(tasks.length);
  let next = 0;
  async function worker() {
    while (true) {
      const i = next++;
      if (i >= tasks.length) return;
      try {
        results[i] = { ok: true, value: await tasks[i]() };
      } catch (error) {
        results[i] = { ok: false, error };
      }
    }
  }
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

async function* ticker(n, ms) {
  for (let i = 0; i < n; i++) {
    await sleep(ms);
    yield i;
  }
}

(async () => {
  const tasks = [30, 10, 20, -1, 5].map((ms) => async () => {
    if (ms < 0) throw new RangeError('negative delay');
    await sleep(ms);
    return ms;
  });
  const results = await pool(tasks, 2);
  console.log(results.map((r) => (r.ok ? r.value : r.error.message)));
  for await (const i of ticker(3, 1)) console.log('tick', i);
  const fast = await Promise.race([sleep(50).then(() => 'slow'), sleep(1).then(() => 'fast')]);
  console.log(fast);
  process.nextTick(() => console.log('nextTick'));
  setImmediate(() => console.log('immediate'));
})();
