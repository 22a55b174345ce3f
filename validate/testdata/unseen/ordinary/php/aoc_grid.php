<?php
$grid = array_map('str_split', explode("\n", trim(file_get_contents('php://stdin'))));
$h = count($grid);
$w = count($grid[0]);

$low = [];
for ($y = 0; $y < $h; $y++) {
    for ($x = 0; $x < $w; $x++) {
        $v = $grid[$y][$x];
        foreach ([[0, 1], [1, 0], [0, -1], [-1, 0]] as list($dy, $dx)) {
            if (($grid[$y + $dy][$x + $dx] ?? 10) <= $v) continue 2;
        }
        $low[] = [$y, $x];
    }
}
echo array_sum(array_map(fn($p) => $grid[$p[0]][$p[1]] + 1, $low)) . "\n";

function basin(array &$g, int $y, int $x): int
{
    if (($g[$y][$x] ?? 9) == 9) return 0;
    $g[$y][$x] = 9;
    return 1 + basin($g, $y + 1, $x) + basin($g, $y - 1, $x) + basin($g, $y, $x + 1) + basin($g, $y, $x - 1);
}

$sizes = [];
foreach ($low as [$y, $x]) $sizes[] = basin($grid, $y, $x);
rsort($sizes);
echo array_product(array_slice($sizes, 0, 3)), PHP_EOL;
