ARGV.each { |arg| puts "arg: #{arg}" }
$stdin.each_line(chomp: true) { |line| puts "stdin: #{line}" }
exit 3
