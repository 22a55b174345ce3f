require 'strscan'

# Lexer and recursive parser for a small Lisp.
class Lisp
  GLOBAL = {
    '+': ->(*a) { a.sum },
    '*': ->(*a) { a.inject(:*) },
    '-': ->(a, b) { a - b },
    '<': ->(a, b) { a < b },
    list: ->(*a) { a }
  }.freeze

  def tokens(source)
    s = StringScanner.new(source)
    out = []
    until s.eos?
      if s.skip(/\s+|;.*$/) then next
      elsif s.scan(/[()]/) then out << s.matched
      elsif s.scan(/-?\d+/) then out << s.matched.to_i
      elsif s.scan(/"([^"]*)"/) then out << s[1]
      else out << s.scan(/[^\s()]+/).to_sym
      end
    end
    out
  end

  def parse(list)
    token = list.shift
    return token unless token == '('

    out = []
    out << parse(list) until list.first == ')'
    list.shift
    out
  end

  def eval(x, env = GLOBAL)
    return env.fetch(x) { raise NameError, "undefined #{x}" } if x.is_a?(Symbol)
    return x unless x.is_a?(Array)

    case x.first
    when :if then eval(x[1], env) ? eval(x[2], env) : eval(x[3], env)
    when :lambda then ->(*args) { eval(x[2], env.merge(x[1].zip(args).to_h)) }
    when :define then (@globals ||= GLOBAL.dup).tap { |g| g[x[1]] = eval(x[2], g) } && x[1]
    else
      f, *args = x.map { |e| eval(e, env) }
      f.call(*args)
    end
  end

  def run(source) = eval(parse(tokens(source)), @globals || GLOBAL)
end

lisp = Lisp.new
puts lisp.run('(+ 1 (* 2 3)) ; seven')
lisp.run('(define square (lambda (x) (* x x)))')
puts lisp.run('(if (< 1 2) (square 12) "no")')
begin
  lisp.run('(exec "rm -rf /")')
rescue NameError => e
  puts e.message
end
