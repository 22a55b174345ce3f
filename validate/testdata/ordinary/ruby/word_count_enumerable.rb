#!/usr/bin/env ruby
require 'optparse'

options = { top: 10, min: 1 }
OptionParser.new do |o|
  o.banner = 'Usage: word_count [options] [file...]'
  o.on('-n', '--top N', Integer, 'how many words') { |n| options[:top] = n }
  o.on('-m', '--min N', Integer, 'shortest word') { |n| options[:min] = n }
  o.on('-h', '--help') { puts o; exit }
end.parse!

text = if ARGV.empty?
         $stdin.tty? ? DATA.read : $stdin.read
       else
         ARGV.map { |path| File.read(path) }.join("\n")
       end

words = text.downcase.scan(/[[:alpha:]']+/).select { |w| w.size >= options[:min] }
counts = words.tally.sort_by { |word, n| [-n, word] }.first(options[:top])
width = counts.map { |w, _| w.size }.max.to_i

counts.each do |word, n|
  puts "#{word.ljust(width)} #{n.to_s.rjust(5)} #{'*' * n}"
end

lengths = words.group_by(&:size).transform_values(&:count)
puts "#{words.size} words, #{words.uniq.size} different"
puts "most common length: #{lengths.max_by(&:last)&.first.inspect}"
puts words.each_cons(2).tally.max_by(&:last)&.first.inspect

__END__
The system calls fork, and the child calls exec. The parent calls wait.
If exec fails the child calls exit; `ls` in backticks would run a shell.
