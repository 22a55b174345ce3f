<?php

declare(strict_types=1);

function score(string $word): int
{
    $values = [
        'AEIOULNRST' => 1,
        'DG' => 2,
        'BCMP' => 3,
        'FHVWY' => 4,
        'K' => 5,
        'JX' => 8,
        'QZ' => 10,
    ];
    $sum = 0;
    foreach (str_split(strtoupper($word)) as $letter) {
        foreach ($values as $letters => $value) {
            if (strpos($letters, $letter) !== false) {
                $sum += $value;
            }
        }
    }
    return $sum;
}

function transpose(array $input): array
{
    $out = [];
    $longest = max(array_map('strlen', $input));
    for ($i = 0; $i < $longest; $i++) {
        $row = '';
        foreach ($input as $line) {
            $row .= $line[$i] ?? ' ';
        }
        $out[] = rtrim($row);
    }
    return $out;
}

function isPangram(string $s): bool
{
    return count(array_unique(str_split(preg_replace('/[^a-z]/', '', strtolower($s))))) === 26;
}

var_dump(score('cabbage'), transpose(['ABC', 'DE']), isPangram('The quick brown fox jumps over the lazy dog'));
