use strict;
use warnings;
use Digest::MD5 qw(md5_hex);
use MIME::Base64;

print unpack('H*', pack('NnC', 0xDEADBEEF, 0x1234, 0x90)), "\n";
my ($len, $name) = unpack 'n/a* a*', pack('n/a* a*', 'hello', 'rest');
print "$len | $name\n";
printf "%s endian\n", unpack('C', pack 'S', 1) ? 'little' : 'big';
print unpack('%32b*', pack 'N', 0b1011_0110), " bits set\n";
print join('.', unpack 'C4', pack 'N', 3232235777), "\n";

sub to_binary { sprintf '%b', shift }
sub gray { my $n = shift; $n ^ $n >> 1 }
print join(' ', map { to_binary(gray($_)) } 0 .. 7), "\n";

my $text = "Man is distinguished";
my $encoded = encode_base64($text, '');
print "$encoded ", (decode_base64($encoded) eq $text ? 'ok' : 'bad'), ' ', md5_hex('hello'), "\n";

sub my_base64 {
    my $bits = unpack 'B*', shift;
    my @abc = ('A' .. 'Z', 'a' .. 'z', 0 .. 9, '+', '/');
    $bits .= '0' while length($bits) % 6;
    my $out = join '', map { $abc[oct "0b$_"] } $bits =~ /(.{6})/g;
    return $out . '=' x (-length($out) % 4);
}
print my_base64($text) eq $encoded ? "same\n" : "different\n";

my $sieve = '';
for my $n (2 .. 50) {
    next if vec $sieve, $n, 1;
    print "$n ";
    for (my $k = $n * $n; $k <= 50; $k += $n) { vec($sieve, $k, 1) = 1 }
}
print "\n";

my $key = 'key';
my $secret = "attack at dawn" ^ substr($key x 10, 0, 14);
print $secret ^ substr($key x 10, 0, 14), "\n";
print "\x48\x65\x6c\x6c\x6f ", chr(9731) eq "\x{2603}" ? 'snowman' : '', "\n";
print oct('0755'), ' ', hex('ff'), ' ', oct('0b101'), ' ', ~0 & 0xFF, "\n";
