def bubble_sort(list)
  list = list.dup
  loop do
    swapped = false
    (list.size - 1).times do |i|
      next unless list[i] > list[i + 1]

      list[i], list[i + 1] = list[i + 1], list[i]
      swapped = true
    end
    return list unless swapped
  end
end

def quick_sort(list)
  return list if list.size < 2

  pivot, *rest = list
  left, right = rest.partition { |x| x < pivot }
  [*quick_sort(left), pivot, *quick_sort(right)]
end

def merge_sort(list)
  return list if list.size < 2

  a, b = list.each_slice((list.size / 2.0).ceil).map { |half| merge_sort(half) }
  out = []
  out << (a.first <= b.first ? a : b).shift until a.empty? || b.empty?
  out + a + b
end

def sieve(limit)
  flags = Array.new(limit + 1, true).fill(false, 0, 2)
  (2..Integer.sqrt(limit)).each { |p| (p * p).step(limit, p) { |k| flags[k] = false } if flags[p] }
  flags.each_index.select { |i| flags[i] }
end

def hanoi(n, from, to, via, moves = [])
  return moves if n.zero?

  hanoi(n - 1, from, via, to, moves)
  moves << "#{from}#{to}"
  hanoi(n - 1, via, to, from, moves)
end

numbers = Random.new(7).then { |r| Array.new(50) { r.rand(1000) } }
%i[bubble_sort quick_sort merge_sort].each { |name| puts "#{name}: #{method(name).call(numbers) == numbers.sort}" }
puts sieve(50).inspect, hanoi(3, 'A', 'C', 'B').join(' ')
puts 0b1011.digits(2).sum, (1 << 10).bit_length, 255.to_s(16), '0xff'.hex, '755'.oct & 0o111
puts ['Hello'].pack('m').strip, 'SGVsbG8='.unpack1('m'), [1, 2].pack('nN').bytes.inspect
puts 'uryyb'.tr('a-zA-Z', 'n-za-mN-ZA-M')
