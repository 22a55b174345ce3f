#!/usr/bin/env ruby
# Reads an access log and prints what was asked for most.
require 'json'
require 'time'
require 'set'

LINE = /^(?<ip>\S+) - - \[(?<time>.*?)\] "(?<verb>\w+) (?<path>\S+).*?" (?<status>\d+)/

counts = Hash.new(0)
visitors = Set.new
errors = []

(ARGV.empty? ? $stdin : File.open(ARGV.first)).each_line do |line|
  unless (m = LINE.match(line))
    errors << $.
    next
  end
  counts[m[:path]] += 1
  visitors << m[:ip]
end

report = {
  generated: Time.now.utc.iso8601,
  visitors: visitors.size,
  top: counts.sort_by { |path, n| [-n, path] }.first(5).to_h,
  unreadable: errors
}
puts JSON.pretty_generate(report)
