use strict;
use warnings;
use DBI;

my $dbh = DBI->connect('dbi:SQLite:dbname=books.db', '', '', { RaiseError => 1, AutoCommit => 1 })
    or die $DBI::errstr;

$dbh->do('CREATE TABLE IF NOT EXISTS book (id INTEGER PRIMARY KEY, title TEXT, year INT)');

my $insert = $dbh->prepare('INSERT INTO book (title, year) VALUES (?, ?)');
$insert->execute(@$_) for ['Learning', 1993], ['Cookbook', 1998], ['Modern', 2010];

my $sth = $dbh->prepare('SELECT id, title, year FROM book WHERE year > ? ORDER BY year');
$sth->execute(1995);
while (my $row = $sth->fetchrow_hashref) {
    print join("\t", @{$row}{qw(id title year)}), "\n";
}
my ($count) = $dbh->selectrow_array('SELECT COUNT(*) FROM book');
print "$count books\n";
$dbh->disconnect;
