#!/usr/bin/perl
use strict;
use warnings;

my $secret = 1 + int rand 100;
my $tries  = 0;

$| = 1;
while (1) {
    print "Your guess: ";
    my $guess = <STDIN>;
    last unless defined $guess;
    chomp $guess;
    if ($guess =~ /^(?:q|quit|exit)$/i) {
        print "The number was $secret.\n";
        exit 0;
    }
    unless ($guess =~ /^\d+$/) {
        warn "'$guess' is not a number\n";
        next;
    }
    $tries++;
    if    ($guess < $secret) { print "Too low\n" }
    elsif ($guess > $secret) { print "Too high\n" }
    else {
        printf "Right after %d %s!\n", $tries, $tries == 1 ? 'try' : 'tries';
        last;
    }
}
