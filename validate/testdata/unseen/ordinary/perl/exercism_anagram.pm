package Anagram;

use strict;
use warnings;
use Exporter 'import';
our @EXPORT_OK = qw(match_anagrams count_nucleotides abbreviate);

sub match_anagrams {
    my ($input) = @_;
    my $subject = lc $input->{subject};
    my $key     = join '', sort split //, $subject;
    return [
        grep { lc ne $subject && $key eq join '', sort split //, lc }
            @{ $input->{candidates} }
    ];
}

sub count_nucleotides {
    my ($strand) = @_;
    die 'Invalid nucleotide in strand' if $strand =~ /[^ACGT]/;
    my %count = map { $_ => 0 } qw(A C G T);
    $count{$_}++ for split //, $strand;
    return \%count;
}

sub abbreviate {
    my ($phrase) = @_;
    return uc join '', $phrase =~ /([A-Za-z])[A-Za-z']*/g;
}

1;
