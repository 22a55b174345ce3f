async function getJSON(url) {
  const res = await fetch(url);
  if (!res.ok) {
    throw new Error(`HTTP ${res.status}`);
  }
  return res.json();
}

async function main() {
  try {
    const [users, posts] = await Promise.all([
      getJSON('https://jsonplaceholder.typicode.com/users'),
      getJSON('https://jsonplaceholder.typicode.com/posts'),
    ]);
    const byUser = posts.reduce((acc, p) => {
      (acc[p.userId] ||= []).push(p);
      return acc;
    }, {});
    for (const u of users) {
      console.log(`${u.name} <${u.email}>: ${byUser[u.id]?.length ?? 0} posts`);
    }
  } catch (err) {
    console.error('failed:', err.message);
    process.exitCode = 1;
  }
}

main();
