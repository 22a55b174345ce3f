<?php

function bubbleSort(array $a): array
{
    for ($n = count($a) - 1; $n > 0; $n--) {
        for ($i = 0; $i < $n; $i++) {
            if ($a[$i] > $a[$i + 1]) {
                [$a[$i], $a[$i + 1]] = [$a[$i + 1], $a[$i]];
            }
        }
    }
    return $a;
}

function quickSort(array $a): array
{
    if (count($a) < 2) {
        return $a;
    }
    $pivot = array_shift($a);
    return array_merge(
        quickSort(array_filter($a, fn ($x) => $x < $pivot)),
        [$pivot],
        quickSort(array_filter($a, fn ($x) => $x >= $pivot))
    );
}

function mergeSort(array $a): array
{
    if (count($a) < 2) {
        return $a;
    }
    [$l, $r] = array_map('mergeSort', array_chunk($a, (int) ceil(count($a) / 2)));
    $out = [];
    while ($l && $r) {
        $out[] = $l[0] <= $r[0] ? array_shift($l) : array_shift($r);
    }
    return [...$out, ...$l, ...$r];
}

mt_srand(42);
$data = array_map(fn () => mt_rand(0, 1000), range(1, 100));
$expected = $data;
sort($expected);
foreach (['bubbleSort', 'quickSort', 'mergeSort'] as $sort) {
    $start = hrtime(true);
    $ok = $sort($data) === $expected;
    $ms = (hrtime(true) - $start) / 1e6;
    echo $sort, ': ', $ok ? 'ok' : 'WRONG', $ms > 5000 ? ' slow' : '', PHP_EOL;
}

$people = [['Ann', 30], ['Bob', 25], ['Cid', 30]];
usort($people, fn ($a, $b) => [$b[1], $a[0]] <=> [$a[1], $b[0]]);
echo implode(', ', array_column($people, 0)), PHP_EOL;
$heap = new SplMinHeap();
foreach ([5, 1, 4] as $n) {
    $heap->insert($n);
}
echo implode(' ', iterator_to_array($heap, false)), PHP_EOL;
