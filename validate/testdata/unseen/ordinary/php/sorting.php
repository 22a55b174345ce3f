<?php

/**
 * Bubble Sort
 *
 * @param array $array
 * @return array
 */
function bubbleSort($array)
{
    $length = count($array);

    for ($i = $length; $i > 0; $i--) {
        $swapped = false;
        for ($j = 0; $j < $i - 1; $j++) {
            if ($array[$j] > $array[$j + 1]) {
                $temp = $array[$j];
                $array[$j] = $array[$j + 1];
                $array[$j + 1] = $temp;
                $swapped = true;
            }
        }
        if (!$swapped) {
            break;
        }
    }

    return $array;
}

function quickSort(array $input)
{
    if (count($input) < 2) {
        return $input;
    }
    $pivot = array_shift($input);
    $left = array_filter($input, function ($x) use ($pivot) { return $x < $pivot; });
    $right = array_filter($input, fn($x) => $x >= $pivot);
    return array_merge(quickSort($left), [$pivot], quickSort($right));
}

$numbers = array_map('intval', explode(',', $argv[1] ?? '5,2,9,1'));
echo implode(' ', bubbleSort($numbers)), "\n";
echo implode(' ', quickSort($numbers)), "\n";
