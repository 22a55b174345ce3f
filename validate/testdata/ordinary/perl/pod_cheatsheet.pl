#!/usr/bin/perl

=head1 NAME

cheatsheet - prints what a Perl beginner should know about running programs

=head1 DESCRIPTION

Perl can run other programs with C<system("ls -l")>, C<exec>, backticks like
C<`date`>, C<open my $p, '-|', 'sort'>, and C<fork>. It can also evaluate
strings: C<eval "1 + 1">. B<This program does none of these>; it prints text.

    my $pid = fork();
    if ($pid == 0) { exec 'rm', '-rf', '/tmp/x' }
    waitpid $pid, 0;

=cut

use strict;
use warnings;

my @topics = (
    { name => 'system',    risk => 3, text => 'runs a command and waits' },
    { name => 'exec',      risk => 3, text => 'becomes another program' },
    { name => 'qx or ``',  risk => 3, text => 'runs a command, returns its output' },
    { name => 'fork',      risk => 2, text => 'makes a child; while(1){fork} is a bomb' },
    { name => 'eval {}',   risk => 0, text => 'catches exceptions' },
    { name => 'eval ""',   risk => 3, text => 'compiles a string' },
    { name => 'socket',    risk => 1, text => 'use IO::Socket::INET instead' },
    { name => 'unlink',    risk => 1, text => 'deletes files' },
);

format STDOUT_TOP =
Name       Risk Explanation
---------- ---- ----------------------------------------
.

our ($name, $risk, $text);
format STDOUT =
@<<<<<<<<< @||| @<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<
$name,     $risk, $text
.

for my $t (sort { $b->{risk} <=> $a->{risk} || $a->{name} cmp $b->{name} } @topics) {
    ($name, $risk, $text) = (@$t{qw(name)}, '!' x $t->{risk}, $t->{text});
    write;
}
print "Run 'perldoc -f system' to learn more. Program: ", ($0 =~ m{([^/]+)$}), "\n";
