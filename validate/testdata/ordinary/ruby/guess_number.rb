# frozen_string_literal: true

# Guess the number, with a high score kept in memory.
class Game
  MAX = 100

  def initialize(input: $stdin, output: $stdout)
    @input = input
    @output = output
    @best = nil
  end

  def play
    secret = rand(1..MAX)
    tries = 0
    loop do
      @output.print "Guess (1-#{MAX}, q quits): "
      line = @input.gets
      return :quit if line.nil? || line.strip =~ /\Aq(uit)?\z/i

      guess = Integer(line, exception: false)
      next @output.puts('Not a number') unless guess

      tries += 1
      case guess <=> secret
      when -1 then @output.puts 'Too low'
      when 1 then @output.puts 'Too high'
      else
        @best = [@best, tries].compact.min
        @output.puts "Right! #{tries} tries, best so far #{@best}"
        return :won
      end
    end
  end

  def run
    while true
      break if play == :quit
    end
    @output.puts 'Bye!'
    exit(0)
  end
end

Game.new.run if $PROGRAM_NAME == __FILE__
