use strict;
use warnings;

# Operating system course: round robin with fork and kill of pretended processes.
package Process;

my $next_pid = 1;

sub new {
    my ($class, $name, $work) = @_;
    return bless { pid => $next_pid++, name => $name, work => $work }, $class;
}

sub fork {
    my $self = shift;
    return Process->new("$self->{name}'", $self->{work});
}

sub run {
    my ($self, $quantum) = @_;
    my $used = $self->{work} < $quantum ? $self->{work} : $quantum;
    $self->{work} -= $used;
    return $used;
}

package Kernel;

sub new { return bless { ready => [], clock => 0 }, shift }
sub spawn { my ($self, @p) = @_; push @{ $self->{ready} }, @p; return $p[-1] }

sub kill {
    my ($self, $pid) = @_;
    @{ $self->{ready} } = grep { $_->{pid} != $pid } @{ $self->{ready} };
}

sub exec {
    my ($self, $quantum) = @_;
    while (my $p = shift @{ $self->{ready} }) {
        $self->{clock} += $p->run($quantum);
        if ($p->{work} > 0) {
            push @{ $self->{ready} }, $p;
        } else {
            printf "%3d: process %d (%s) exits\n", $self->{clock}, $p->{pid}, $p->{name};
        }
    }
}

package main;

local $SIG{INT} = sub { print "interrupted\n"; exit 130 };
local $SIG{__WARN__} = sub { print "warning: $_[0]" };

my $kernel = Kernel->new;
my $init = $kernel->spawn(Process->new(init => 7));
my $shell = $kernel->spawn($init->fork);
my $bomb = $kernel->spawn(Process->new(bomb => 10_000));
$kernel->kill($bomb->{pid});
$kernel->exec(3);
warn "done\n";
printf "%s\n", join ' ', map { sprintf '%s=%s', $_, defined $ENV{$_} ? 'set' : 'unset' } qw(PATH NO_SUCH_NAME);
