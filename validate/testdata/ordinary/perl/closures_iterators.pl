use strict;
use warnings;
use feature qw(say state current_sub);

sub counter {
    my ($n, $step) = (shift // 0, shift // 1);
    return {
        next  => sub { my $v = $n; $n += $step; $v },
        reset => sub { $n = shift // 0 },
    };
}

sub take {
    my ($count, $it) = @_;
    my @out;
    while ($count-- > 0) {
        my $x = $it->();
        last unless defined $x;
        push @out, $x;
    }
    return @out;
}

sub imap(&$)  { my ($f, $it) = @_; sub { local $_ = $it->(); defined() ? $f->() : undef } }
sub igrep(&$) { my ($f, $it) = @_; sub { while (1) { local $_ = $it->(); return $_ if !defined || $f->() } } }

my $c = counter(10, 5);
say join ' ', map { $c->{next}->() } 1 .. 4;
$c->{reset}->(0);
say $c->{next}->();

my $naturals = do { my $n = 0; sub { $n++ } };
say join ' ', take(5, imap { $_ * $_ } igrep { $_ % 2 } $naturals);

my $fib = sub {
    my $n = shift;
    return $n < 2 ? $n : __SUB__->($n - 1) + __SUB__->($n - 2);
};
say $fib->(15);

sub unique_id { state $id = 100; return ++$id }
say unique_id(), ' ', unique_id();

my %command = (
    help => sub { say 'commands: ', join ', ', sort keys %{ $_[0] } },
    run  => sub { say 'running nothing, system() is not called' },
    exit => sub { say 'bye' },
);
for my $word (qw(help run dance exit)) {
    my $code = $command{$word} or do { say "unknown: $word"; next };
    $code->(\%command);
}
my @subs = map { my $n = $_; sub { $n * shift } } 1 .. 3;
say join ' ', map { $_->(7) } @subs;
