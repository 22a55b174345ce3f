WORDS = File.exist?('words.txt') ? File.readlines('words.txt', chomp: true) : %w[ruby array method block]

class Hangman
  attr_reader :lives

  def initialize
    @word = WORDS.sample
    @lives = 7
    @guessed = []
  end

  def masked
    @word.chars.map { |c| @guessed.include?(c) ? c : '_' }.join(' ')
  end

  def guess(letter)
    return puts('already tried') if @guessed.include?(letter)

    @guessed << letter
    @lives -= 1 unless @word.include?(letter)
  end

  def won?
    (@word.chars - @guessed).empty?
  end

  def play
    until won? || lives.zero?
      puts "#{masked}   (#{lives} lives)"
      print 'letter: '
      input = $stdin.gets
      exit if input.nil?
      guess(input.strip.downcase[0].to_s)
    end
    puts won? ? "You won! #{@word}" : "You lost. It was #{@word}."
  end
end

Hangman.new.play
