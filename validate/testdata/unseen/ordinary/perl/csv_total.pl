#!/usr/bin/env perl
use strict;
use warnings;
use Getopt::Long;

my $column = 0;
my $sep    = ',';
my $help;
GetOptions(
    'column=i' => \$column,
    'sep=s'    => \$sep,
    'help'     => \$help,
) or die usage();
print(usage()), exit 0 if $help;

sub usage {
    return "usage: $0 [--column N] [--sep CHAR] file...\n";
}

my ($sum, $n) = (0, 0);
for my $file (@ARGV) {
    open(my $fh, '<', $file) or do { warn "$file: $!\n"; next };
    while (<$fh>) {
        chomp;
        my @f = split /\Q$sep\E/;
        next unless defined $f[$column] && $f[$column] =~ /^-?\d+(?:\.\d+)?$/;
        $sum += $f[$column];
        $n++;
    }
    close $fh;
}
printf "%d values, sum %.2f, mean %.2f\n", $n, $sum, $n ? $sum / $n : 0;
