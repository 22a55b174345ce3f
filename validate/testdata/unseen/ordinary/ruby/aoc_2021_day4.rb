numbers, *boards = ARGF.read.split("\n\n")
numbers = numbers.split(',').map(&:to_i)
boards.map! { |b| b.lines.map { |l| l.split.map(&:to_i) } }

def win?(board, drawn)
  (board + board.transpose).any? { |line| (line - drawn).empty? }
end

scores = []
drawn = []
numbers.each do |n|
  drawn << n
  winners, boards = boards.partition { |b| win?(b, drawn) }
  winners.each { |b| scores << (b.flatten - drawn).sum * n }
end

puts "Part 1: #{scores.first}"
puts "Part 2: #{scores.last}"
