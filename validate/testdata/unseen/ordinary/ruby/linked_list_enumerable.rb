class LinkedList
  include Enumerable

  Node = Struct.new(:value, :next_node)

  def initialize(*values)
    @head = nil
    values.each { |v| append(v) }
  end

  def append(value)
    node = Node.new(value)
    if @head.nil?
      @head = node
    else
      tail.next_node = node
    end
    self
  end
  alias << append

  def each
    node = @head
    while node
      yield node.value
      node = node.next_node
    end
  end

  def to_s
    map { |v| "( #{v} )" }.join(' -> ') + ' -> nil'
  end

  private

  def tail
    node = @head
    node = node.next_node while node.next_node
    node
  end
end

list = LinkedList.new(5, 3, 9)
list << 1
puts list, list.sort.inspect, list.include?(9), list.inject(:+)
