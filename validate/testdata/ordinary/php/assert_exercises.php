<?php

function isLeap(int $y): bool
{
    return $y % 4 === 0 && ($y % 100 !== 0 || $y % 400 === 0);
}

function toRoman(int $n): string
{
    $out = '';
    foreach (['M' => 1000, 'CM' => 900, 'D' => 500, 'CD' => 400, 'C' => 100, 'XC' => 90, 'L' => 50, 'XL' => 40, 'X' => 10, 'IX' => 9, 'V' => 5, 'IV' => 4, 'I' => 1] as $sign => $value) {
        $out .= str_repeat($sign, intdiv($n, $value));
        $n %= $value;
    }
    return $out;
}

function brackets(string $s): bool
{
    $stack = [];
    $pairs = [')' => '(', ']' => '[', '}' => '{'];
    foreach (str_split($s) as $c) {
        if (in_array($c, $pairs, true)) {
            $stack[] = $c;
        } elseif (isset($pairs[$c]) && array_pop($stack) !== $pairs[$c]) {
            return false;
        }
    }
    return $stack === [];
}

function primeFactors(int $n): array
{
    $out = [];
    for ($d = 2; $n > 1; $d++) {
        while ($n % $d === 0) {
            $out[] = $d;
            $n /= $d;
        }
    }
    return $out;
}

function permutations(string $s): array
{
    if (strlen($s) < 2) {
        return [$s];
    }
    $out = [];
    for ($i = 0; $i < strlen($s); $i++) {
        foreach (permutations(substr($s, 0, $i) . substr($s, $i + 1)) as $rest) {
            $out[] = $s[$i] . $rest;
        }
    }
    return $out;
}

$failed = 0;
$check = function (string $what, $got, $want) use (&$failed) {
    if ($got !== $want) {
        $failed++;
        echo "FAIL $what: ", var_export($got, true), PHP_EOL;
    }
};
$check('leap', array_map('isLeap', [1900, 1996, 2000]), [false, true, true]);
$check('roman', toRoman(1994), 'MCMXCIV');
$check('brackets', [brackets('<?php system($x[0]); ?>'), brackets('([)]')], [true, false]);
$check('factors', primeFactors(901255), [5, 17, 23, 461]);
$check('permutations', count(array_unique(permutations('abcd'))), 24);
echo $failed ? "$failed failed" : 'all passed', PHP_EOL;
