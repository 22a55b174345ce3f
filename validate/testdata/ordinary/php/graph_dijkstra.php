<?php
declare(strict_types=1);

final class Graph
{
    /** @var array<string, array<string, int>> */
    private array $edges = [];

    public static function of(array $list): self
    {
        $graph = new self();
        foreach ($list as [$a, $b, $w]) {
            $graph->edges[$a][$b] = $graph->edges[$b][$a] = $w;
        }
        return $graph;
    }

    public function shortest(string $from, string $to): ?array
    {
        $dist = array_fill_keys(array_keys($this->edges), PHP_INT_MAX);
        $dist[$from] = 0;
        $parent = [];
        $queue = new SplPriorityQueue();
        $queue->setExtractFlags(SplPriorityQueue::EXTR_DATA);
        $queue->insert([$from, 0], 0);
        while (!$queue->isEmpty()) {
            [$node, $d] = $queue->extract();
            if ($d > $dist[$node]) {
                continue;
            }
            foreach ($this->edges[$node] as $next => $w) {
                if ($d + $w < $dist[$next]) {
                    $dist[$next] = $d + $w;
                    $parent[$next] = $node;
                    $queue->insert([$next, $d + $w], -($d + $w));
                }
            }
        }
        if ($dist[$to] === PHP_INT_MAX) {
            return null;
        }
        for ($path = [$to]; isset($parent[$path[0]]);) {
            array_unshift($path, $parent[$path[0]]);
        }
        return ['length' => $dist[$to], 'path' => $path];
    }

    public function components(): int
    {
        $seen = [];
        $visit = function (string $n) use (&$visit, &$seen): void {
            $seen[$n] = true;
            foreach (array_keys($this->edges[$n]) as $m) {
                isset($seen[$m]) || $visit($m);
            }
        };
        $count = 0;
        foreach (array_keys($this->edges) as $n) {
            isset($seen[$n]) or $visit($n) or $count++;
        }
        return $count;
    }
}

$g = Graph::of([['a', 'b', 7], ['a', 'c', 9], ['a', 'f', 14], ['b', 'd', 15], ['c', 'd', 11], ['c', 'f', 2], ['d', 'e', 6], ['e', 'f', 9], ['x', 'y', 1]]);
['length' => $length, 'path' => $path] = $g->shortest('a', 'e');
echo implode(' -> ', $path), " ($length)\n";
var_dump($g->shortest('a', 'x'), $g->components());
