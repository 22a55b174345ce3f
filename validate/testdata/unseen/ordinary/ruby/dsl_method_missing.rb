class HTMLBuilder
  def initialize
    @out = +''
    @depth = 0
  end

  def method_missing(tag, content = nil, **attrs, &block)
    attributes = attrs.map { |k, v| %( #{k}="#{v}") }.join
    @out << '  ' * @depth << "<#{tag}#{attributes}>"
    if block
      @out << "\n"
      @depth += 1
      instance_eval(&block)
      @depth -= 1
      @out << '  ' * @depth
    else
      @out << content.to_s
    end
    @out << "</#{tag}>\n"
  end

  def respond_to_missing?(*)
    true
  end

  def to_s
    @out
  end
end

page = HTMLBuilder.new
page.html do
  body(class: 'main') do
    h1 'Hello'
    p 'A paragraph'
  end
end
puts page.to_s

%w[red green blue].each do |color|
  String.class_eval do
    define_method("#{color}?") { self == color }
  end
end
puts 'red'.red?, 'red'.send(:blue?)
