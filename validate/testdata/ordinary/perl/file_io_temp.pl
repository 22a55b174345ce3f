use strict;
use warnings;
use autodie;
use File::Basename qw(basename dirname);
use File::Spec;
use File::Temp qw(tempfile);

my ($fh, $path) = tempfile('notes-XXXX', TMPDIR => 1, UNLINK => 1);
print {$fh} "$_: " . $_**2 . "\n" for 1 .. 5;
close $fh;

open my $in, '<:encoding(UTF-8)', $path;
while (my $line = <$in>) {
    chomp $line;
    my ($n, $square) = split /:\s*/, $line;
    print "line $.: $n squared is $square\n";
}
close $in;

open my $out, '>>', $path;
printf $out "%s\n", 'the end';
close $out;

my $text = do {
    local $/;
    open my $whole, '<', $path;
    <$whole>;
};
print length($text), " characters, ", ($text =~ tr/\n//), " lines, ", -s $path, " bytes\n";

my @stat = stat $path;
printf "mode %04o, %s\n", $stat[2] & 07777, -d dirname($path) ? 'folder exists' : 'no folder';
print basename($path) =~ /^notes-/ ? "named well\n" : "odd name\n";

opendir my $dir, File::Spec->tmpdir;
my @mine = grep { /^notes-/ } readdir $dir;
closedir $dir;
print scalar(@mine) ? "found\n" : "missing\n";

my $ok = eval { open my $none, '<', '/no/such/file'; 1 };
print "cannot open: ", ($ok ? 'but did' : 'as expected'), "\n";
rename $path, "$path.bak";
unlink "$path.bak";
print -e $path ? "still there\n" : "gone\n";
