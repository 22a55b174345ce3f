use strict;
use warnings;

my @edges = ([qw(a b 4)], [qw(a c 1)], [qw(c b 2)], [qw(b d 5)], [qw(e f 1)]);
my %graph;
for (@edges) {
    my ($u, $v, $w) = @$_;
    $graph{$u}{$v} = $graph{$v}{$u} = $w;
}

sub bfs {
    my ($start) = @_;
    my %seen  = ($start => 1);
    my @queue = ($start);
    my @order;
    while (defined(my $node = shift @queue)) {
        push @order, $node;
        push @queue, grep { !$seen{$_}++ } sort keys %{ $graph{$node} };
    }
    return @order;
}

sub dijkstra {
    my ($from, $to) = @_;
    my %dist = ($from => 0);
    my (%done, %parent);
    while (1) {
        my ($node) = sort { $dist{$a} <=> $dist{$b} } grep { !$done{$_} } keys %dist;
        last unless defined $node;
        $done{$node} = 1;
        while (my ($next, $w) = each %{ $graph{$node} }) {
            my $d = $dist{$node} + $w;
            next if exists $dist{$next} && $dist{$next} <= $d;
            @dist{$next} = $d;
            $parent{$next} = $node;
        }
    }
    return unless exists $dist{$to};
    my @path = ($to);
    unshift @path, $parent{ $path[0] } while exists $parent{ $path[0] };
    return ($dist{$to}, @path);
}

print "bfs: @{[bfs('a')]}\n";
my ($length, @path) = dijkstra(qw(a d));
print "shortest: @path ($length)\n";
print "no way\n" unless dijkstra(qw(a f));

my %component;
my $n = 0;
for my $node (sort keys %graph) {
    next if $component{$node};
    $n++;
    $component{$_} = $n for bfs($node);
}
print "$n components\n";
