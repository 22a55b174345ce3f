use strict;
use warnings;
use Time::Local qw(timegm);
use Time::HiRes qw(time sleep);

my @names = qw(January February March April May June July August September October November December);

sub days_in { my ($y, $m) = @_; $m == 2 ? ($y % 4 || !($y % 100) && $y % 400 ? 28 : 29) : (31, 0, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[$m - 1] }

sub calendar {
    my ($y, $m) = @_;
    my $first = ((gmtime timegm(0, 0, 0, 1, $m - 1, $y))[6] + 6) % 7;
    my @cells = (('  ') x $first, map { sprintf '%2d', $_ } 1 .. days_in($y, $m));
    my $title = "$names[$m - 1] $y";
    my $out = ' ' x ((20 - length $title) / 2) . "$title\nMo Tu We Th Fr Sa Su\n";
    $out .= join(' ', splice @cells, 0, 7) . "\n" while @cells;
    return $out;
}

print calendar(2024, 2);

my @grid = map { [map { $_ eq '#' ? 1 : 0 } split //] } split /\n/, <<'END';
......
..#...
...#..
.###..
......
END
my ($h, $w) = (scalar @grid, scalar @{ $grid[0] });

sub step {
    my @new;
    for my $y (0 .. $h - 1) {
        for my $x (0 .. $w - 1) {
            my $n = -$grid[$y][$x];
            for my $dy (-1 .. 1) { $n += $grid[($y + $dy) % $h][($x + $_) % $w] for -1 .. 1 }
            $new[$y][$x] = $n == 3 || $n == 2 && $grid[$y][$x] ? 1 : 0;
        }
    }
    @grid = @new;
}

my $start = time;
for my $generation (1 .. 3) {
    step();
    print "-- $generation\n", map { join('', map { $_ ? '#' : '.' } @$_) . "\n" } @grid;
    sleep 0.01;
}
print time() - $start < 5 ? "fast enough\n" : "slow\n";
