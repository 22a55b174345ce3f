class RPN
  OPERATORS = { '+' => :+, '-' => :-, '*' => :*, '/' => :/, '**' => :** }.freeze

  def evaluate(expression)
    expression.split.each_with_object([]) do |token, stack|
      if (op = OPERATORS[token])
        b = stack.pop
        a = stack.pop
        raise ArgumentError, 'stack underflow' unless a && b

        stack.push(a.public_send(op, b))
      else
        stack.push(Float(token))
      end
    end.last
  end
end

calc = RPN.new
puts calc.evaluate('3 4 + 2 *')
puts calc.evaluate('5 1 2 + 4 * + 3 -')
begin
  calc.evaluate('1 +')
rescue ArgumentError => e
  puts e.message
end
