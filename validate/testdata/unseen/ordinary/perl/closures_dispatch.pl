use strict;
use warnings;

my @stack;
my %dispatch = (
    '+'    => sub { my $b = pop @stack; my $a = pop @stack; push @stack, $a + $b },
    '-'    => sub { my $b = pop @stack; my $a = pop @stack; push @stack, $a - $b },
    '*'    => sub { push @stack, pop(@stack) * pop(@stack) },
    'dup'  => sub { push @stack, $stack[-1] },
    'swap' => sub { @stack[-1, -2] = @stack[-2, -1] },
    '.'    => sub { print pop @stack, "\n" },
);

sub evaluate {
    my $text = shift;
    for my $token (split ' ', $text) {
        if (exists $dispatch{$token}) {
            $dispatch{$token}->();
        } elsif ($token =~ /^-?\d+$/) {
            push @stack, $token;
        } else {
            die "unknown word '$token'\n";
        }
    }
}

evaluate('3 4 + dup * .');
evaluate('10 2 swap - .');

sub make_counter {
    my $n = shift // 0;
    return { next => sub { $n++ }, reset => sub { $n = 0 } };
}
my $c = make_counter(5);
$c->{next}->() for 1 .. 3;
print $c->{next}->(), "\n";
