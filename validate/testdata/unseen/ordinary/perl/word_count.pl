#!/usr/bin/perl
use strict;
use warnings;

my %count;
while (my $line = <>) {
    chomp $line;
    for my $word (split /\W+/, lc $line) {
        next unless length $word;
        $count{$word}++;
    }
}

foreach my $word (sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count) {
    printf "%-20s %5d\n", $word, $count{$word};
}
