use strict;
use warnings;

# A small language: assignments, while, print. Has its own exec and eval.
package Interpreter;

sub new { bless { vars => {}, tokens => [] }, shift }

sub load {
    my ($self, $source) = @_;
    local $_ = $source;
    my @t;
    while (1) {
        /\G\s+|\G#.*/gc       and next;
        /\G(\d+)/gc           and do { push @t, [num => $1]; next };
        /\G([a-z_]\w*)/gci    and do { push @t, [word => $1]; next };
        /\G([-+*<>=(){};])/gc and do { push @t, [sym => $1]; next };
        last;
    }
    $self->{tokens} = \@t;
    $self->{pos} = 0;
    return $self;
}

sub peek { my $t = $_[0]{tokens}[ $_[0]{pos} ]; $t ? $t->[1] : '' }
sub next_token { my $t = $_[0]{tokens}[ $_[0]{pos}++ ] or die "unexpected end\n"; $t }
sub expect { my ($s, $want) = @_; my $t = $s->next_token; die "expected $want, got $t->[1]\n" unless $t->[1] eq $want }

sub exec {
    my ($self) = @_;
    my $t = $self->next_token;
    if ($t->[1] eq 'print') { print $self->eval, "\n"; $self->expect(';') }
    elsif ($t->[1] eq 'while') {
        my $start = $self->{pos};
        while (1) {
            $self->{pos} = $start;
            my $go = $self->eval;
            $self->expect('{');
            unless ($go) { $self->{pos}++ until $self->peek eq '}'; $self->{pos}++; last }
            $self->exec until $self->peek eq '}';
        }
    }
    else { $self->expect('='); $self->{vars}{ $t->[1] } = $self->eval; $self->expect(';') }
}

sub eval {
    my ($self) = @_;
    my $t = $self->next_token;
    my $v = $t->[0] eq 'num' ? $t->[1] : $self->{vars}{ $t->[1] } // die "undefined $t->[1]\n";
    my %op = ('+' => sub { $_[0] + $_[1] }, '-' => sub { $_[0] - $_[1] }, '*' => sub { $_[0] * $_[1] }, '<' => sub { $_[0] < $_[1] ? 1 : 0 });
    my $code = $op{ $self->peek } or return $v;
    $self->next_token;
    return $code->($v, $self->eval);
}

sub run { my $s = shift; $s->exec while $s->{pos} < @{ $s->{tokens} } }

package main;
Interpreter->new->load('n = 1; i = 1; while i < 6 { n = n * i; i = i + 1; } print n; # 5!')->run;
