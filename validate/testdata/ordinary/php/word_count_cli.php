#!/usr/bin/env php
<?php

$options = getopt('n:h', ['top:', 'help'], $rest);
if (isset($options['h']) || isset($options['help'])) {
    fputs(STDOUT, "usage: {$argv[0]} [-n COUNT] [file]\n");
    exit;
}
$top = (int) ($options['n'] ?? $options['top'] ?? 10);
$files = array_slice($argv, $rest);

function words(iterable $lines): Generator
{
    foreach ($lines as $line) {
        foreach (preg_split('/[^\p{L}\']+/u', mb_strtolower($line), -1, PREG_SPLIT_NO_EMPTY) as $word) {
            yield $word;
        }
    }
}

function lines($stream): Generator
{
    while (($line = fgets($stream)) !== false) {
        yield rtrim($line, "\r\n");
    }
    fclose($stream);
}

if ($files) {
    $stream = @fopen($files[0], 'r');
    if (!$stream) {
        fprintf(STDERR, "cannot read %s\n", basename($files[0]));
        exit(1);
    }
    $source = lines($stream);
} else {
    $source = explode("\n", "The shell will exec the program.\nThe system calls fork, then exec.");
}

$counts = array_count_values(iterator_to_array(words($source), false));
arsort($counts);
foreach (array_slice($counts, 0, $top, true) as $word => $n) {
    printf("%-10s %3d %s\n", $word, $n, str_repeat('*', $n));
}
printf("%d words, memory %s\n", array_sum($counts), memory_get_peak_usage() > 0 ? 'measured' : 'unknown');
