<?php
ini_set('memory_limit', '256M');
$n = isset($argv[1]) ? (int)$argv[1] : 100000;
$t0 = microtime(true);
$sieve = array_fill(0, $n + 1, true);
$sieve[0] = $sieve[1] = false;
for ($i = 2; $i * $i <= $n; $i++) {
	if ($sieve[$i]) {
		for ($j = $i * $i; $j <= $n; $j += $i) $sieve[$j] = false;
	}
}
$primes = array_keys(array_filter($sieve));
echo count($primes) . " primes up to $n\n";
echo "last: " . end($primes) . "\n";
echo round(microtime(true) - $t0, 4) . " s, " . memory_get_peak_usage(true) / 1048576 . " MB\n";

function collatz($n) {
	$steps = 0;
	while ($n != 1) { $n = $n % 2 ? 3 * $n + 1 : intdiv($n, 2); $steps++; }
	return $steps;
}
$best = 0;
for ($i = 1; $i < 1000; $i++) if (collatz($i) > collatz($best ?: 1)) $best = $i;
echo "longest: $best\n";
echo hash('crc32b', serialize($primes)), "\n";
