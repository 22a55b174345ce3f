<?php
function calendar(int $year, int $month): string
{
    $first = new DateTimeImmutable("$year-$month-01");
    $days = (int) $first->format('t');
    $out = str_pad($first->format('F Y'), 20, ' ', STR_PAD_BOTH) . "\nMo Tu We Th Fr Sa Su\n";
    $out .= str_repeat('   ', (int) $first->format('N') - 1);
    for ($d = 1; $d <= $days; $d++) {
        $day = $first->modify('+' . ($d - 1) . ' days');
        $out .= sprintf('%2d', $d);
        $out .= $day->format('N') == 7 ? "\n" : ' ';
    }
    return rtrim($out) . "\n";
}

if ($argc < 2) {
    echo "Usage: php calendar.php YEAR [MONTH]\n";
    exit(1);
}

$year = (int) $argv[1];
foreach (isset($argv[2]) ? [(int) $argv[2]] : range(1, 12) as $month) {
    echo calendar($year, $month), "\n";
}

$birthday = DateTime::createFromFormat('Y-m-d', '1990-05-17');
$age = $birthday->diff(new DateTime('today'));
echo $age->y . " years, " . $age->days . " days\n";
