class LinkedList
  include Enumerable

  Node = Struct.new(:value, :next)

  def self.[](*values) = values.each_with_object(new) { |v, list| list << v }

  def initialize
    @head = @tail = nil
    @size = 0
  end

  attr_reader :size

  def <<(value)
    node = Node.new(value)
    @head ? @tail.next = node : @head = node
    @tail = node
    @size += 1
    self
  end

  def each
    return enum_for(:each) { size } unless block_given?

    node = @head
    while node
      yield node.value
      node = node.next
    end
  end

  def delete(value)
    previous = nil
    node = @head
    until node.nil? || node.value == value
      previous = node
      node = node.next
    end
    return nil unless node

    previous ? previous.next = node.next : @head = node.next
    @tail = previous if node.equal?(@tail)
    @size -= 1
    value
  end

  def inspect = "(#{to_a.join(' -> ')})"
end

list = LinkedList[3, 1, 4, 1, 5, 9, 2, 6]
p list, list.delete(4), list.size
p list.sort, list.min, list.include?(9), list.each_slice(3).to_a
p list.lazy.select(&:even?).map { |x| x * 10 }.first(1)
p list.reduce(:+), list.partition(&:odd?), list.zip(list.drop(1)).first(2)
enum = list.each
loop { print enum.next, ' ' }
puts
