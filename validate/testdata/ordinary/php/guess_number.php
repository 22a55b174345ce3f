<?php
// Guess the number on the command line.
declare(strict_types=1);

$secret = random_int(1, 100);
$tries = 0;

while (true) {
    echo 'Your guess (q quits): ';
    $line = fgets(STDIN);
    if ($line === false || trim($line) === 'q') {
        echo "\nThe number was $secret\n";
        exit(0);
    }
    $guess = filter_var(trim($line), FILTER_VALIDATE_INT);
    if ($guess === false) {
        fwrite(STDERR, "Please type a number\n");
        continue;
    }
    $tries++;
    switch ($guess <=> $secret) {
        case -1:
            echo "Too low\n";
            break;
        case 1:
            echo "Too high\n";
            break;
        default:
            printf("Right after %d %s\n", $tries, $tries === 1 ? 'try' : 'tries');
            break 2;
    }
}
