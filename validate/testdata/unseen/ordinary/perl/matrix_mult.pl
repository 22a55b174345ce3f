use strict; use warnings;

sub mmult {
    my ($a, $b) = @_;
    my @c;
    my ($ac, $br) = (scalar @{$a->[0]}, scalar @$b);
    die "matrix sizes do not match\n" unless $ac == $br;
    for my $i (0 .. $#$a) {
        for my $j (0 .. $#{$b->[0]}) {
            $c[$i][$j] += $a->[$i][$_] * $b->[$_][$j] for 0 .. $#$b;
        }
    }
    return \@c;
}

sub transpose {
    my $m = shift;
    return [ map { my $c = $_; [ map { $_->[$c] } @$m ] } 0 .. $#{$m->[0]} ];
}

my $x = [[1, 2, 3], [4, 5, 6]];
my $y = mmult($x, transpose($x));
print join("\t", @$_), "\n" foreach @$y;
