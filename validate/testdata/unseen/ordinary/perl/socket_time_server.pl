#!/usr/bin/perl
use strict;
use warnings;
use IO::Socket::INET;

$| = 1;
my $server = IO::Socket::INET->new(
    LocalHost => '127.0.0.1',
    LocalPort => 7777,
    Proto     => 'tcp',
    Listen    => 5,
    ReuseAddr => 1,
) or die "Cannot create socket: $!\n";

print "waiting for clients on port 7777\n";
while (my $client = $server->accept()) {
    my $who = $client->peerhost();
    my $request = <$client>;
    $request = '' unless defined $request;
    $request =~ s/\s+$//;
    if ($request eq 'time') {
        print $client scalar(localtime), "\n";
    } elsif ($request =~ /^echo (.*)/) {
        print $client "$1\n";
    } else {
        print $client "commands: time, echo TEXT\n";
    }
    print "$who asked '$request'\n";
    close $client;
}
