#!/usr/bin/env php
<?php
$words = ['elephant', 'giraffe', 'penguin', 'crocodile'];
$word = $words[array_rand($words)];
$guessed = [];
$lives = 6;

while ($lives > 0) {
    $shown = '';
    foreach (str_split($word) as $c) {
        $shown .= in_array($c, $guessed) ? $c : '_';
    }
    if ($shown === $word) {
        echo "You saved the man! The word was $word.\n";
        exit(0);
    }
    echo "\n$shown   lives: $lives   tried: " . implode(',', $guessed) . "\n";
    $line = readline('Letter: ');
    if ($line === false) {
        break;
    }
    $letter = strtolower(substr(trim($line), 0, 1));
    if (!ctype_alpha($letter)) {
        echo "Only letters please\n";
        continue;
    }
    if (in_array($letter, $guessed, true)) {
        continue;
    }
    $guessed[] = $letter;
    if (strpos($word, $letter) === false) {
        $lives--;
    }
}
echo "Game over: $word\n";
