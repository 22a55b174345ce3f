#!/usr/bin/perl
# Kleines Telefonbuch
use strict;
use warnings;
use utf8;
use open qw(:std :utf8);

my $datei = 'telefon.txt';
my %nummern;

if (open my $fh, '<', $datei) {
    while (<$fh>) {
        chomp;
        my ($name, $nummer) = split /\t/, $_, 2;
        $nummern{$name} = $nummer;
    }
    close $fh;
}

while (1) {
    print "Befehl (neu, suche, liste, ende): ";
    my $befehl = <STDIN>;
    last unless defined $befehl;
    chomp $befehl;
    if ($befehl eq 'neu') {
        print "Name: ";   chomp(my $name = <STDIN>);
        print "Nummer: "; chomp(my $nummer = <STDIN>);
        $nummern{$name} = $nummer;
    } elsif ($befehl eq 'suche') {
        print "Muster: ";
        chomp(my $muster = <STDIN>);
        print "$_: $nummern{$_}\n" for grep { /\Q$muster\E/i } sort keys %nummern;
    } elsif ($befehl eq 'liste') {
        printf "%-20s %s\n", $_, $nummern{$_} for sort keys %nummern;
    } elsif ($befehl eq 'ende') {
        last;
    }
}

open my $aus, '>', $datei or die "$datei: $!";
print {$aus} "$_\t$nummern{$_}\n" for sort keys %nummern;
close $aus;
