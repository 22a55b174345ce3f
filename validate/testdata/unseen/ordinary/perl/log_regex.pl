#!/usr/bin/perl -w
use strict;
use POSIX qw(strftime);

my (%status, %bytes);
my $bad = 0;

while (<DATA>) {
    if (m{^(\S+) \S+ \S+ \[([^\]]+)\] "(GET|POST) (\S+) [^"]*" (\d{3}) (\d+|-)$}) {
        my ($ip, $time, $verb, $path, $st, $size) = ($1, $2, $3, $4, $5, $6);
        $status{$st}++;
        $bytes{$ip} += $size unless $size eq '-';
        (my $short = $path) =~ s/\?.*//;
        $short =~ tr/A-Z/a-z/;
        print "$verb $short\n";
    } else {
        $bad++;
    }
}

print "$_: $status{$_}\n" for sort keys %status;
print "$_ sent $bytes{$_} bytes\n" for sort { $bytes{$b} <=> $bytes{$a} } keys %bytes;
print "$bad bad lines, ", strftime('%Y-%m-%d', localtime), "\n";

__DATA__
192.0.2.1 - - [10/Oct/2023:13:55:36 +0000] "GET /Index.html HTTP/1.1" 200 2326
192.0.2.2 - - [10/Oct/2023:13:56:00 +0000] "POST /login?next=/ HTTP/1.1" 302 -
garbage
