# A builder DSL with instance_eval and method_missing, from the metaprogramming chapter.
class HtmlBuilder
  VOID = %i[br hr img].freeze

  def initialize(&block)
    @out = []
    @depth = 0
    instance_eval(&block)
  end

  def text(string)
    @out << ('  ' * @depth) + string.gsub(/[<>&]/, '<' => '&lt;', '>' => '&gt;', '&' => '&amp;')
  end

  def method_missing(tag, content = nil, **attributes, &block)
    attrs = attributes.map { |k, v| %( #{k}="#{v}") }.join
    indent = '  ' * @depth
    if VOID.include?(tag)
      @out << "#{indent}<#{tag}#{attrs}>"
    elsif block
      @out << "#{indent}<#{tag}#{attrs}>"
      @depth += 1
      block.arity.zero? ? instance_eval(&block) : block.call(self)
      @depth -= 1
      @out << "#{indent}</#{tag}>"
    else
      @out << "#{indent}<#{tag}#{attrs}>#{content}</#{tag}>"
    end
  end

  def respond_to_missing?(*)
    true
  end

  def to_s
    @out.join("\n")
  end
end

page = HtmlBuilder.new do
  html do
    body(class: 'main') do
      h1 'Shell commands'
      hr
      ul { %w[ls cd fork exec].each { |c| li c } }
      text 'a < b && rm -rf x'
    end
  end
end
puts page
