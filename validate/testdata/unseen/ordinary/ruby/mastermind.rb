COLORS = %i[red green blue yellow orange purple].freeze

Feedback = Struct.new(:exact, :near) do
  def won? = exact == 4
  def to_s = '●' * exact + '○' * near
end

def feedback(secret, guess)
  exact = secret.zip(guess).count { |a, b| a == b }
  common = COLORS.sum { |c| [secret.count(c), guess.count(c)].min }
  Feedback.new(exact, common - exact)
end

secret = Array.new(4) { COLORS.sample }
12.downto(1) do |left|
  print "#{left} tries left> "
  line = gets or break
  guess = line.split.map { |w| COLORS.find { |c| c.to_s.start_with?(w) } }
  if guess.size != 4 || guess.include?(nil)
    puts "four of: #{COLORS.join(', ')}"
    redo
  end
  result = feedback(secret, guess)
  puts result
  if result.won?
    puts 'Cracked!'
    break
  end
end
puts "The code was #{secret.join(' ')}"
