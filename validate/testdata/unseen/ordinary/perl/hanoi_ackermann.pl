sub hanoi {
    my ($n, $from, $to, $via) = @_;
    if ($n == 1) {
        print "Move disk from pole $from to pole $to.\n";
    } else {
        hanoi($n - 1, $from, $via, $to);
        hanoi(1, $from, $to, $via);
        hanoi($n - 1, $via, $to, $from);
    }
}

{
    my @memo;
    sub A {
        my ($m, $n) = @_;
        $memo[$m][$n] and return $memo[$m][$n];
        $m or return $n + 1;
        return $memo[$m][$n] = $n ? A($m - 1, A($m, $n - 1)) : A($m - 1, 1);
    }
}

hanoi(4, 1, 2, 3);
print A(2, 3), "\n";
print join(' ', map { $_ % 15 == 0 ? "FizzBuzz" : $_ % 5 == 0 ? "Buzz" : $_ % 3 == 0 ? "Fizz" : $_ } 1 .. 30), "\n";
