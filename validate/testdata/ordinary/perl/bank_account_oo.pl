#!/usr/bin/perl
use strict;
use warnings;

package Account;

my $count = 0;

sub new {
    my ($class, %args) = @_;
    my $self = { owner => $args{owner} || 'nobody', balance => 0, history => [] };
    $count++;
    return bless $self, $class;
}

# Accessors made in a loop: a glob assignment, no string is evaluated.
for my $field (qw(owner balance)) {
    no strict 'refs';
    *{ __PACKAGE__ . "::$field" } = sub { $_[0]{$field} };
}

sub deposit {
    my ($self, $amount) = @_;
    die "amount must be positive\n" if $amount <= 0;
    $self->{balance} += $amount;
    push @{ $self->{history} }, [deposit => $amount];
    return $self;
}

sub withdraw {
    my ($self, $amount) = @_;
    die sprintf("%s has only %.2f\n", $self->owner, $self->balance) if $amount > $self->balance;
    $self->{balance} -= $amount;
    push @{ $self->{history} }, [withdraw => $amount];
    return $self;
}

sub count   { $count }
sub DESTROY { $count-- }

package Savings;
use parent -norequire, 'Account';

sub add_interest {
    my ($self, $rate) = @_;
    return $self->deposit($self->balance * $rate);
}

package main;

my $ann = Savings->new(owner => 'Ann')->deposit(200)->add_interest(0.05);
printf "%s: %.2f (%d accounts)\n", $ann->owner, $ann->balance, Account::count();
eval { $ann->withdraw(1000); 1 } or print "error: $@";
my $method = $ann->can('withdraw');
$ann->$method(10);
print join(', ', map { "$_->[0] $_->[1]" } @{ $ann->{history} }), "\n";
undef $ann;
print "left: ", Account->count, "\n";
