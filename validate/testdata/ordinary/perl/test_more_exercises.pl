use strict;
use warnings;
use Test::More;

sub leap { my $y = shift; return !($y % 4) && ($y % 100 || !($y % 400)) ? 1 : 0 }

sub roman {
    my $n = shift;
    my @table = (1000, 'M', 900, 'CM', 500, 'D', 400, 'CD', 100, 'C', 90, 'XC', 50, 'L', 40, 'XL', 10, 'X', 9, 'IX', 5, 'V', 4, 'IV', 1, 'I');
    my $out = '';
    while (my ($value, $sign) = splice @table, 0, 2) {
        $out .= $sign x ($n / $value);
        $n %= $value;
    }
    return $out;
}

sub balanced {
    my $s = join '', shift =~ /[][(){}]/g;
    1 while $s =~ s/\(\)|\[\]|\{\}//g;
    return $s eq '';
}

sub anagrams {
    my ($word, @list) = @_;
    my $sorted = sub { join '', sort split //, lc shift };
    return [grep { lc ne lc $word && $sorted->($_) eq $sorted->($word) } @list];
}

sub permutations {
    my @set = @_;
    return [] unless @set;
    return map {
        my $i = $_;
        map { [$set[$i], @$_] } permutations(@set[grep { $_ != $i } 0 .. $#set]);
    } 0 .. $#set;
}

is leap(2000), 1, '2000 is a leap year';
is leap(1900), 0, '1900 is not';
is roman(1994), 'MCMXCIV', 'roman numerals';
ok balanced('if ($a[0]) { system() }'), 'brackets match';
ok !balanced('([)]'), 'brackets do not match';
is_deeply anagrams('listen', qw(enlists google Inlets banana)), ['Inlets'], 'anagrams';
is scalar(permutations(1 .. 4)), 24, 'number of permutations';
like join(' ', map { join '', @$_ } permutations(qw(a b c))), qr/\bcab\b/, 'one permutation';
subtest 'errors' => sub {
    eval { die { code => 42 } };
    is ref $@, 'HASH', 'a reference was thrown';
    cmp_ok $@->{code}, '==', 42;
};
can_ok 'main', qw(leap roman);
done_testing;
