use strict;
use warnings;
use List::Util qw(first max min reduce shuffle sum0);

sub bubble {
    my @a = @_;
    for my $end (reverse 1 .. $#a) {
        for my $i (0 .. $end - 1) {
            @a[$i, $i + 1] = @a[$i + 1, $i] if $a[$i] > $a[$i + 1];
        }
    }
    return @a;
}

sub quick {
    return @_ if @_ < 2;
    my $pivot = shift;
    return quick(grep { $_ < $pivot } @_), $pivot, quick(grep { $_ >= $pivot } @_);
}

sub merge_sort {
    my @a = @_;
    return @a if @a < 2;
    my @left  = merge_sort(splice @a, 0, @a / 2);
    my @right = merge_sort(@a);
    my @out;
    push @out, $left[0] <= $right[0] ? shift @left : shift @right while @left && @right;
    return @out, @left, @right;
}

my %sorts = (bubble => \&bubble, quick => \&quick, merge => \&merge_sort);
my @data = shuffle map { $_ * 7 % 101 } 1 .. 100;
my $expected = join ' ', sort { $a <=> $b } @data;
for my $name (sort keys %sorts) {
    my $got = join ' ', $sorts{$name}->(@data);
    print "$name ", ($got eq $expected ? 'ok' : 'wrong'), "\n";
}

# The Schwartzian transform
my @commands = qw(system exec fork waitpid kill);
print join(' ',
    map  { $_->[0] }
    sort { $a->[1] <=> $b->[1] or $a->[0] cmp $b->[0] }
    map  { [$_, length] } @commands), "\n";
my $longest = reduce { length $a >= length $b ? $a : $b } @commands;
print "$longest ", max(@data), ' ', min(@data), ' ', sum0(@data), ' ', (first { $_ > 90 } sort { $a <=> $b } @data), "\n";
