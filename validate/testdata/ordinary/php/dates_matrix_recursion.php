<?php

function calendar(int $year, int $month): string
{
    $first = new DateTimeImmutable("$year-$month-01");
    $out = $first->format('F Y') . "\nMo Tu We Th Fr Sa Su\n" . str_repeat('   ', (int) $first->format('N') - 1);
    foreach (new DatePeriod($first, new DateInterval('P1D'), $first->modify('+1 month')) as $day) {
        $out .= $day->format('j') < 10 ? ' ' . $day->format('j') : $day->format('j');
        $out .= $day->format('N') === '7' ? "\n" : ' ';
    }
    return rtrim($out) . "\n";
}

function hanoi(int $n, string $a, string $b, string $c): Generator
{
    if ($n > 0) {
        yield from hanoi($n - 1, $a, $c, $b);
        yield "$a->$b";
        yield from hanoi($n - 1, $c, $a, $b);
    }
}

function determinant(array $m): float|int
{
    if (count($m) === 1) {
        return $m[0][0];
    }
    $sum = 0;
    foreach ($m[0] as $c => $value) {
        $minor = array_map(fn ($row) => array_values(array_diff_key($row, [$c => 0])), array_slice($m, 1));
        $sum += (-1) ** $c * $value * determinant($minor);
    }
    return $sum;
}

function flatten(array $list): array
{
    $out = [];
    array_walk_recursive($list, function ($x) use (&$out) { $out[] = $x; });
    return $out;
}

echo calendar(2024, 2);
$moon = date_create('1969-07-20');
echo $moon->diff(date_create('2024-07-20'))->format('%y years, %a days'), PHP_EOL;
echo implode(' ', iterator_to_array(hanoi(3, 'A', 'C', 'B'), false)), PHP_EOL;
echo determinant([[2, 0, 1], [1, 3, 2], [1, 1, 4]]), PHP_EOL;
echo json_encode(array_map(null, [1, 2, 3], ['a', 'b', 'c'])), ' ', implode(',', flatten([1, [2, [3, [4]]]])), PHP_EOL;
$compose = fn (callable ...$f) => fn ($x) => array_reduce($f, fn ($acc, $g) => $g($acc), $x);
echo $compose('trim', 'strrev', strtoupper(...))('  lleh '), PHP_EOL;
usleep(10);
register_shutdown_function(function () { echo "goodbye\n"; });
