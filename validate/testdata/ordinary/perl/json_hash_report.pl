use strict;
use warnings;
use JSON::PP;
use Data::Dumper;
use POSIX qw(floor strftime);

$Data::Dumper::Sortkeys = 1;
$Data::Dumper::Terse = 1;
$Data::Dumper::Indent = 1;

my $json = JSON::PP->new->canonical->pretty;
my $data = $json->decode(<<'END');
{
  "team": "backend",
  "members": [
    {"name": "Ann", "skills": ["perl", "sql"], "since": 2015},
    {"name": "Bob", "skills": ["shell"], "since": 2020},
    {"name": "Cid", "skills": [], "since": 2018}
  ],
  "commands": {"deploy": "rm -rf /srv/app && cp -r build /srv/app", "stop": "kill -TERM 1"}
}
END

my %by_skill;
for my $member (@{ $data->{members} }) {
    push @{ $by_skill{$_} }, $member->{name} for @{ $member->{skills} };
    $member->{years} = 2024 - $member->{since};
}
print Dumper(\%by_skill);
print $json->encode($data->{members}[0]);

my ($oldest) = sort { $a->{since} <=> $b->{since} } @{ $data->{members} };
print "$oldest->{name} is here for $oldest->{years} years\n";
print "commands: ", join(', ', sort keys %{ $data->{commands} }), "\n";

my %copy = (%$data, team => 'frontend');
delete $copy{commands};
print join(' ', map { "$_=" . (ref $copy{$_} || $copy{$_}) } sort keys %copy), "\n";
print exists $data->{commands} ? "original untouched\n" : "oops\n";
print strftime('%Y-%m-%d', gmtime(86400 * 365)), ' ', floor(-3.5), "\n";
my %inverse = reverse (a => 1, b => 2);
print join(',', map { "$_$inverse{$_}" } sort keys %inverse), "\n";
