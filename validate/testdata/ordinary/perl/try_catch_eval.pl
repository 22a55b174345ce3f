use strict;
use warnings;

# Exceptions: eval BLOCK is Perl's try.
package MyError {
    use overload '""' => sub { ref($_[0]) . ': ' . $_[0]{message} }, fallback => 1;
    sub new   { my ($class, %args) = @_; return bless {%args}, $class }
    sub throw { my $class = shift; die $class->new(@_) }
}

package NotFound { our @ISA = ('MyError') }

package main;

my %stock = (apple => 3, pear => 0);

sub take {
    my ($what) = @_;
    NotFound->throw(message => "no $what") unless exists $stock{$what};
    die "out of ${what}s\n" unless $stock{$what};
    return --$stock{$what};
}

for my $fruit (qw(apple pear mango)) {
    my $left = eval { take($fruit) };
    if (my $err = $@) {
        if (ref $err && $err->isa('NotFound')) {
            print "not found -> $err\n";
        } else {
            chomp $err;
            print "plain error -> $err\n";
        }
        next;
    }
    print "$fruit: $left left\n";
}

eval {
    local $SIG{ALRM} = sub { die "timeout\n" };
    alarm 5;
    my $sum = 0;
    $sum += $_ for 1 .. 1000;
    alarm 0;
    print "sum $sum\n";
    1;
} or do {
    print "failed: $@";
};

my $quotient = eval { 1 / 0 };
print "division: ", $@ =~ /^(Illegal division by zero)/ ? $1 : 'fine', "\n";
local $@;
print "can_json: ", (eval { require JSON::PP; 1 } ? 'yes' : 'no'), "\n";
