use strict;
use warnings;
use Time::HiRes qw(sleep time);

my ($width, $height, $generations) = @ARGV;
$width       //= 30;
$height      //= 12;
$generations //= 20;

my @grid = map { [ map { rand() < 0.3 ? 1 : 0 } 1 .. $width ] } 1 .. $height;

sub neighbours {
    my ($y, $x) = @_;
    my $n = 0;
    for my $dy (-1 .. 1) {
        for my $dx (-1 .. 1) {
            next unless $dy || $dx;
            $n += $grid[($y + $dy) % $height][($x + $dx) % $width];
        }
    }
    return $n;
}

my $start = time;
for my $g (1 .. $generations) {
    print "\e[2J\e[H";
    print map({ $_ ? '#' : ' ' } @$_), "\n" for @grid;
    my @new;
    for my $y (0 .. $height - 1) {
        for my $x (0 .. $width - 1) {
            my $n = neighbours($y, $x);
            $new[$y][$x] = ($n == 3 || ($n == 2 && $grid[$y][$x])) ? 1 : 0;
        }
    }
    @grid = @new;
    sleep 0.02;
}
printf "%.2f s\n", time - $start;
