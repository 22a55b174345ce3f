use strict;
use warnings;

sub multiply {
    my ($a, $b) = @_;
    die "sizes do not match\n" if @{ $a->[0] } != @$b;
    my @out;
    for my $i (0 .. $#$a) {
        for my $j (0 .. $#{ $b->[0] }) {
            $out[$i][$j] += $a->[$i][$_] * $b->[$_][$j] for 0 .. $#$b;
        }
    }
    return \@out;
}

sub transpose {
    my ($m) = @_;
    return [map { my $c = $_; [map { $_->[$c] } @$m] } 0 .. $#{ $m->[0] }];
}

sub determinant {
    my @m = map { [@$_] } @{ shift() };
    my $det = 1;
    for my $c (0 .. $#m) {
        my ($pivot) = grep { $m[$_][$c] } $c .. $#m;
        return 0 unless defined $pivot;
        if ($pivot != $c) {
            @m[$pivot, $c] = @m[$c, $pivot];
            $det = -$det;
        }
        $det *= $m[$c][$c];
        for my $r ($c + 1 .. $#m) {
            my $f = $m[$r][$c] / $m[$c][$c];
            $m[$r][$_] -= $f * $m[$c][$_] for $c .. $#m;
        }
    }
    return $det;
}

sub show { print join("\n", map { join ' ', map { sprintf '%6.1f', $_ } @$_ } @{ $_[0] }), "\n\n" }

my $a = [[1, 2, 3], [4, 5, 6]];
my $b = [[7, 8], [9, 10], [11, 12]];
show(multiply($a, $b));
show(transpose($a));
printf "det = %g\n", determinant([[2, 0, 1], [1, 3, 2], [1, 1, 4]]);
eval { multiply($a, $a) };
print "error: $@" if $@;

my @pascal = ([1]);
push @pascal, [1, (map { $pascal[-1][$_] + $pascal[-1][$_ + 1] } 0 .. $#{ $pascal[-1] } - 1), 1] for 1 .. 6;
print ' ' x (2 * (7 - @$_)), join('  ', map { sprintf '%2d', $_ } @$_), "\n" for @pascal;
