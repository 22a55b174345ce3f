use strict;
use warnings;

my %op = (
    '+' => [1, sub { $_[0] + $_[1] }],
    '-' => [1, sub { $_[0] - $_[1] }],
    '*' => [2, sub { $_[0] * $_[1] }],
    '/' => [2, sub { $_[1] ? $_[0] / $_[1] : die "division by zero\n" }],
    '^' => [3, sub { $_[0]**$_[1] }],
);

sub evaluate {
    my ($text) = @_;
    my @tokens = $text =~ /\s*(\d+(?:\.\d+)?|[-+*\/^()])/g;
    my $value = expression(\@tokens, 0);
    die "unexpected '$tokens[0]'\n" if @tokens;
    return $value;
}

sub expression {
    my ($tokens, $min) = @_;
    my $left = operand($tokens);
    while (@$tokens && $op{ $tokens->[0] } && $op{ $tokens->[0] }[0] > $min) {
        my $operator = shift @$tokens;
        my ($rank, $code) = @{ $op{$operator} };
        my $right = expression($tokens, $operator eq '^' ? $rank - 1 : $rank);
        $left = $code->($left, $right);
    }
    return $left;
}

sub operand {
    my ($tokens) = @_;
    my $token = shift @$tokens;
    die "expression ends too early\n" unless defined $token;
    return -operand($tokens) if $token eq '-';
    if ($token eq '(') {
        my $value = expression($tokens, 0);
        die "missing )\n" unless (shift @$tokens // '') eq ')';
        return $value;
    }
    die "number expected, not '$token'\n" unless $token =~ /^\d/;
    return $token;
}

for my $line ('1 + 2 * 3', '(1 + 2) * 3', '2 ^ 3 ^ 2', '10 / 4', '1 / 0', '(1 + 2', '*') {
    my $result = eval { evaluate($line) };
    print "$line = ", defined $result ? "$result\n" : "error: $@";
}
