#!/usr/bin/env perl
use strict;
use warnings;
use feature 'say';
use List::Util qw(all sum0 max);

local $/ = '';    # paragraph mode
my %valid = (
    byr => sub { /^\d{4}$/ && $_ >= 1920 && $_ <= 2002 },
    iyr => sub { /^\d{4}$/ && $_ >= 2010 && $_ <= 2020 },
    eyr => sub { /^\d{4}$/ && $_ >= 2020 && $_ <= 2030 },
    hgt => sub { /^(\d+)(cm|in)$/ && ($2 eq 'cm' ? $1 >= 150 && $1 <= 193 : $1 >= 59 && $1 <= 76) },
    hcl => sub { /^#[0-9a-f]{6}$/ },
    ecl => sub { /^(?:amb|blu|brn|gry|grn|hzl|oth)$/ },
    pid => sub { /^\d{9}$/ },
);

my ($present, $correct) = (0, 0);
while (my $record = <>) {
    my %f = map { split /:/, $_, 2 } split ' ', $record;
    next unless all { exists $f{$_} } keys %valid;
    $present++;
    $correct++ if all { my $k = $_; local $_ = $f{$k}; $valid{$k}->() } keys %valid;
}
say "Part 1: $present";
say "Part 2: $correct";
