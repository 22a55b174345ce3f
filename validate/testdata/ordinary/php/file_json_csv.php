<?php

$dir = sys_get_temp_dir() . DIRECTORY_SEPARATOR . uniqid('shop', true);
mkdir($dir, 0700);
$json = "$dir/stock.json";
$csv = "$dir/stock.csv";

$stock = [
    ['name' => 'fork', 'price' => 2.5, 'count' => 10],
    ['name' => 'shell, "large"', 'price' => 12, 'count' => 0],
    ['name' => 'pipe', 'price' => 7.25, 'count' => 3],
];

try {
    file_put_contents($json, json_encode($stock, JSON_PRETTY_PRINT | JSON_THROW_ON_ERROR));
    $back = json_decode(file_get_contents($json), true, 512, JSON_THROW_ON_ERROR);
    assert($back == $stock);
    echo filesize($json) > 0 ? "json written\n" : "empty\n";

    $out = fopen($csv, 'w');
    fputcsv($out, array_keys($stock[0]), ',', '"', '\\');
    foreach ($stock as $row) {
        fputcsv($out, $row, ',', '"', '\\');
    }
    fclose($out);
    readfile($csv);

    $in = new SplFileObject($csv);
    $in->setFlags(SplFileObject::READ_CSV | SplFileObject::SKIP_EMPTY | SplFileObject::READ_AHEAD);
    $total = 0;
    foreach ($in as $i => $row) {
        if ($i > 0) {
            $total += (float) $row[1] * (int) $row[2];
        }
    }
    $in = null;
    printf("worth %.2f\n", $total);

    $copy = unserialize(serialize($stock), ['allowed_classes' => false]);
    var_dump($copy === $stock);
    json_decode('{broken', false, 512, JSON_THROW_ON_ERROR);
} catch (JsonException $e) {
    echo 'json: ', $e->getMessage(), PHP_EOL;
} finally {
    array_map('unlink', glob("$dir/*"));
    rmdir($dir);
}
echo is_dir($dir) ? 'left' : 'cleaned', PHP_EOL;
