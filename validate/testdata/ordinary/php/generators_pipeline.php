<?php

function fibonacci(): Generator
{
    [$a, $b] = [0, 1];
    while (true) {
        yield $a;
        [$a, $b] = [$b, $a + $b];
    }
}

function map(callable $f, iterable $it): Generator
{
    foreach ($it as $k => $v) {
        yield $k => $f($v);
    }
}

function filter(callable $f, iterable $it): Generator
{
    foreach ($it as $v) {
        if ($f($v)) {
            yield $v;
        }
    }
}

function take(int $n, iterable $it): Generator
{
    foreach ($it as $v) {
        if ($n-- <= 0) {
            return;
        }
        yield $v;
    }
}

$even = filter(fn ($n) => $n % 2 === 0, fibonacci());
echo implode(' ', iterator_to_array(take(8, map(fn ($n) => $n * 10, $even)), false)), PHP_EOL;

// A scheduler: every task is a generator that yields to give others a turn.
class Scheduler
{
    private SplQueue $tasks;

    public function __construct() { $this->tasks = new SplQueue(); }

    public function spawn(string $name, Generator $task): void { $this->tasks->enqueue([$name, $task]); }

    public function run(): void
    {
        while (!$this->tasks->isEmpty()) {
            [$name, $task] = $this->tasks->dequeue();
            echo $name, ':', $task->current(), ' ';
            $task->next();
            if ($task->valid()) {
                $this->tasks->enqueue([$name, $task]);
            } else {
                echo "[$name exits with {$task->getReturn()}] ";
            }
        }
        echo PHP_EOL;
    }
}

$count = function (int $n) { for ($i = 1; $i <= $n; $i++) yield $i; return $n; };
$scheduler = new Scheduler();
$scheduler->spawn('fork', $count(2));
$scheduler->spawn('exec', $count(4));
$scheduler->run();
