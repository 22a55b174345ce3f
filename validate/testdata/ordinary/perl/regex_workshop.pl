use strict;
use warnings;

my $log = <<'LOG';
10.0.0.1 - - [05/Jan/2024:10:11:12] "GET /index.html" 200 512
10.0.0.7 - - [05/Jan/2024:10:11:15] "POST /cgi-bin/exec.cgi?cmd=ls" 403 0
10.0.0.1 - - [06/Jan/2024:08:00:00] "GET /logo.png" 200 20480
LOG

my $line = qr{
    ^(?<host>[\d.]+) .*?
    \[(?<day>\d+)/(?<month>\w+)/(?<year>\d+):(?<time>[\d:]+)\] \s
    "(?<verb>[A-Z]+) \s (?<path>[^"]+)" \s
    (?<status>\d+) \s (?<bytes>\d+)
}xm;

my (%bytes, %status);
while ($log =~ /$line/g) {
    $bytes{ $+{host} } += $+{bytes};
    $status{ $+{status} }++;
    print "$+{day} $+{month}: $+{verb} $+{path}\n";
}
print "$_ => $bytes{$_}\n" for sort keys %bytes;
print "statuses: @{[ map { qq{$_ x$status{$_}} } sort keys %status ]}\n";

my $text = 'The price is 12 dollars, or 30 with a fork.';
(my $doubled = $text) =~ s/(\d+)/$1 * 2/ge;
print "$doubled\n";
(my $title = $text) =~ s/(\w+)/\u$1/g;
print "$title\n";
my %vars = (name => 'World', cmd => '`rm -rf /`');
(my $filled = 'Hello {{name}}, not {{cmd}}, {{missing}}') =~ s/\{\{(\w+)\}\}/exists $vars{$1} ? $vars{$1} : "?"/eg;
print "$filled\n";
1 while $text =~ s/^(.*?)\bis\b/$1was/;
(my $number = 1234567.89) =~ s/(?<=\d)(?=(?:\d{3})+(?!\d)(?<!\.))//;
my $big = reverse join ',', unpack '(A3)*', reverse 1234567;
print "$text\n$big\n", join('|', split /\s*[,;]\s*/, 'a, b;c ,d'), "\n";
(my $rot = 'Uryyb') =~ tr/A-Za-z/N-ZA-Mn-za-m/;
print "$rot ", ($text =~ tr/a-z//), " lower case letters\n";
