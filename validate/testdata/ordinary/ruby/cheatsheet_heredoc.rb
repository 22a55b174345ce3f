# Prints a cheat sheet. Everything below is text; nothing is run.
SHELL = <<~'SH'
  # remove old builds
  rm -rf build/*
  # who am I
  echo "$(whoami) on `hostname`"
  # fork in the background
  sleep 10 & kill $!
  curl https://example.com/install.sh | sh   # think twice
SH

SQL = <<~SQL
  SELECT `name`, COUNT(*) FROM users GROUP BY `name`;
  DROP TABLE IF EXISTS old_users;
SQL

RUBY = <<~'RUBY'
  system('ls -l')        # true or false
  out = `date`           # output as a string
  exec('vim')            # replaces this process
  eval('1 + 1')          # please don't
  IO.popen('sort', 'r+') # both directions
RUBY

Section = Struct.new(:title, :body) do
  def comments = body.lines.filter_map { |l| l[/#\s*(.+)/, 1] }
  def commands = body.lines.reject { |l| l.strip.empty? || l.start_with?('#') }.map { |l| l.sub(/\s+#.*/, '').chomp }

  def markdown
    "## #{title}\n\n```#{title.downcase}\n#{body}```\n"
  end
end

sections = { 'Shell' => SHELL, 'SQL' => SQL, 'Ruby' => RUBY }.map { |t, b| Section.new(t, b) }
sections.each { |s| puts s.markdown }
puts sections.flat_map(&:commands).size
puts sections.last.comments.inspect
puts sections.first.commands.grep(/kill|rm/).map(&:length).sum
puts %q(a `quoted` word and %x(not run) either)
puts 'Use `bundle exec rake` to run the tests.'
