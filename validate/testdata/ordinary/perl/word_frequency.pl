#!/usr/bin/env perl
use strict;
use warnings;
use Getopt::Long;

my ($top, $min) = (10, 1);
GetOptions('top=i' => \$top, 'min=i' => \$min)
    or die "usage: $0 [--top N] [--min LENGTH] [file...]\n";

my %count;
my $in = @ARGV ? \*ARGV : \*DATA;
while (my $line = <$in>) {
    $count{lc $_}++ for grep { length >= $min } $line =~ /([A-Za-z']+)/g;
}

my @words = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
splice @words, $top if @words > $top;

my ($width) = sort { $b <=> $a } map { length } @words;
for my $word (@words) {
    printf "%-*s %4d %s\n", $width, $word, $count{$word}, '*' x $count{$word};
}

my %by_length;
push @{ $by_length{length $_} }, $_ for keys %count;
foreach my $length (sort { $a <=> $b } keys %by_length) {
    print "$length: ", join(' ', sort @{ $by_length{$length} }), "\n";
}

__DATA__
Perl can fork, exec, and system; it can eval strings and blocks.
This program counts words and does none of that. The words are data,
and the data are words.
