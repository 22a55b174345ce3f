# Lesson: classes are open, methods are data. No strings are evaluated here.
module Validations
  def self.included(base)
    base.extend(ClassMethods)
  end

  module ClassMethods
    def rules = (@rules ||= {})

    def validates(name, &rule)
      rules[name] = rule
      define_method(name) { instance_variable_get("@#{name}") }
      define_method("#{name}=") do |value|
        raise ArgumentError, "bad #{name}: #{value.inspect}" unless self.class.rules[name].call(value)

        instance_variable_set("@#{name}", value)
      end
    end
  end
end

class User
  include Validations
  validates(:age) { |a| a.is_a?(Integer) && a >= 0 }
  validates(:email) { |e| e.match?(/\A\S+@\S+\z/) }

  %w[admin guest].each do |role|
    define_method("#{role}?") { @role == role.to_sym }
  end

  def initialize(role: :guest, **fields)
    @role = role
    fields.each { |name, value| public_send("#{name}=", value) }
  end
end

user = User.new(age: 30, email: 'a@b.c', role: :admin)
puts user.age, user.admin?, user.guest?
begin
  user.age = -1
rescue ArgumentError => e
  puts e.message
end

String.class_eval do
  def shout = "#{upcase}!"
end
puts 'hello'.shout
puts User.instance_methods(false).sort.inspect
puts user.method(:age).owner, user.respond_to?(:email), User.ancestors.take(2).inspect
puts user.instance_variables.map { |v| [v, user.instance_variable_get(v)] }.to_h
klass = Object.const_get(:User)
puts klass.new(email: 'x@y').send(:class)
