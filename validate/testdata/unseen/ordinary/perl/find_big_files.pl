#!/usr/bin/perl
use strict;
use warnings;
use File::Find;
use File::Basename qw(basename);

my $dir   = shift @ARGV || '.';
my $limit = shift @ARGV || 10;

my %size;
find(
    sub {
        return unless -f $_;
        $size{$File::Find::name} = -s _;
    },
    $dir
);

my @top = (sort { $size{$b} <=> $size{$a} } keys %size);
splice @top, $limit if @top > $limit;

for my $f (@top) {
    my $kb = $size{$f} / 1024;
    printf "%10.1f kB  %s (%s)\n", $kb, basename($f), scalar localtime((stat $f)[9]);
}
