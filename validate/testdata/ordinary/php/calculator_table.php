<?php

// A calculator without eval(): shunting-yard and a table of closures.
$operators = [
    '+' => [1, fn ($a, $b) => $a + $b],
    '-' => [1, fn ($a, $b) => $a - $b],
    '*' => [2, fn ($a, $b) => $a * $b],
    '/' => [2, function ($a, $b) {
        if ($b == 0) {
            throw new DivisionByZeroError('Division by zero');
        }
        return $a / $b;
    }],
    '^' => [3, 'pow'],
];

function to_rpn(string $text, array $operators): array
{
    preg_match_all('/\d+(?:\.\d+)?|[-+*\/^()]/', $text, $m);
    $out = $stack = [];
    foreach ($m[0] as $token) {
        if (is_numeric($token)) {
            $out[] = (float) $token;
        } elseif ($token === '(') {
            $stack[] = $token;
        } elseif ($token === ')') {
            while (($op = array_pop($stack)) !== '(') {
                $out[] = $op;
            }
        } else {
            while ($stack && end($stack) !== '(' && $operators[end($stack)][0] >= $operators[$token][0]) {
                $out[] = array_pop($stack);
            }
            $stack[] = $token;
        }
    }
    return array_merge($out, array_reverse($stack));
}

function eval_rpn(array $tokens, array $operators): float
{
    $stack = [];
    foreach ($tokens as $token) {
        if (is_float($token)) {
            $stack[] = $token;
            continue;
        }
        $b = array_pop($stack);
        $a = array_pop($stack);
        $stack[] = call_user_func($operators[$token][1], $a, $b);
    }
    return $stack[0];
}

foreach (['1 + 2 * 3', '(1 + 2) * 3', '2 ^ 10 - 1', '1 / 0'] as $line) {
    try {
        echo "$line = ", eval_rpn(to_rpn($line, $operators), $operators), "\n";
    } catch (DivisionByZeroError $e) {
        echo "$line: {$e->getMessage()}\n";
    }
}
