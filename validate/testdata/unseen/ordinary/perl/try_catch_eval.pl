use strict;
use warnings;

package MyError;
sub new   { my ($class, %args) = @_; return bless {%args}, $class }
sub throw { my $class = shift; die $class->new(@_) }
sub message { $_[0]{message} }

package main;

sub divide {
    my ($x, $y) = @_;
    MyError->throw(message => 'division by zero') if $y == 0;
    return $x / $y;
}

for my $pair ([10, 2], [1, 0]) {
    my $result = eval { divide(@$pair) };
    if (ref $@ && $@->isa('MyError')) {
        print "error: ", $@->message, "\n";
    } elsif ($@) {
        die $@;
    } else {
        print "result: $result\n";
    }
}

eval {
    local $SIG{ALRM} = sub { die "timeout\n" };
    alarm 1;
    select(undef, undef, undef, 0.1);
    alarm 0;
    1;
} or print "too slow: $@";
