# Calculator: a table of operators and public_send, instead of Kernel#eval.
class Calculator
  OPERATORS = { '+' => 1, '-' => 1, '*' => 2, '/' => 2, '**' => 3 }.freeze

  def eval(expression)
    @tokens = expression.scan(/\*\*|[-+*\/()]|\d+(?:\.\d+)?/)
    value = parse(0)
    raise ArgumentError, "unexpected #{@tokens.first}" unless @tokens.empty?

    value
  end

  private

  def parse(minimum)
    left = operand
    while (rank = OPERATORS[@tokens.first]) && rank > minimum
      operator = @tokens.shift
      right = parse(operator == '**' ? rank - 1 : rank)
      left = left.public_send(operator, right)
    end
    left
  end

  def operand
    token = @tokens.shift
    case token
    when '-' then -operand
    when '('
      value = parse(0)
      raise ArgumentError, 'missing )' unless @tokens.shift == ')'

      value
    when /\./ then token.to_f
    when /\d/ then token.to_r
    else raise ArgumentError, "number expected, got #{token.inspect}"
    end
  end
end

calc = Calculator.new
['1 + 2 * 3', '(1 + 2) * 3', '2 ** 3 ** 2', '7 / 2', '-(2 - 5)', '1 +', 'system("ls")'].each do |line|
  result = calc.eval(line)
  puts "#{line} = #{result.to_s.delete_suffix('/1')}"
rescue ArgumentError, NoMethodError, ZeroDivisionError => e
  puts "#{line}: #{e.class}"
end
