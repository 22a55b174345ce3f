#!/usr/bin/perl
use v5.10;
use strict;
use warnings;

package Item {
    sub new {
        my ($class, %a) = @_;
        my $self = { name => $a{name}, price => $a{price} // 0, qty => $a{qty} // 1 };
        return bless $self, $class;
    }
    sub name  { $_[0]->{name} }
    sub total { my $self = shift; return $self->{price} * $self->{qty} }
}

package Inventory {
    sub new { bless { items => [] }, shift }
    sub add { my ($self, @i) = @_; push @{ $self->{items} }, @i; return $self }
    sub total {
        my $self = shift;
        my $t = 0;
        $t += $_->total for @{ $self->{items} };
        return $t;
    }
    sub each_item {
        my ($self, $code) = @_;
        $code->($_) foreach @{ $self->{items} };
    }
}

package main;

my $inv = Inventory->new;
$inv->add(Item->new(name => 'pen', price => 1.2, qty => 10))
    ->add(Item->new(name => 'book', price => 15));
$inv->each_item(sub { say sprintf '%-10s %8.2f', $_[0]->name, $_[0]->total });
say 'total: ', $inv->total;
