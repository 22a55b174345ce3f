def queens(n)
  return to_enum(:queens, n) unless block_given?
  (0...n).to_a.permutation do |p|
    a = p.each_with_index.map { |c, r| c + r }
    b = p.each_with_index.map { |c, r| c - r }
    yield p if a.uniq.size == n && b.uniq.size == n
  end
end
queens(6).each_with_index do |sol, i|
  puts "Solution #{i + 1}"
  sol.each { |c| puts '. ' * c + 'Q ' + '. ' * (5 - c) }
end
fib = Enumerator.new do |y|
  a, b = 0, 1
  loop { y << a; a, b = b, a + b }
end
p fib.lazy.select(&:even?).first(10)
primes = 2.step.lazy.select { |n| (2..Math.sqrt(n)).none? { |d| (n % d).zero? } }
p primes.first(15)
