# frozen_string_literal: true

def bubble_sort(array)
  n = array.length
  loop do
    swapped = false
    (n - 1).times do |i|
      next unless array[i] > array[i + 1]

      array[i], array[i + 1] = array[i + 1], array[i]
      swapped = true
    end
    break unless swapped
  end
  array
end

def quick_sort(array)
  return array if array.size <= 1

  pivot, *rest = array
  left, right = rest.partition { |e| e < pivot }
  quick_sort(left) + [pivot] + quick_sort(right)
end

if $PROGRAM_NAME == __FILE__
  puts 'Enter a list of numbers separated by space'
  list = gets.chomp.split.map(&:to_i)
  puts "The list is: #{bubble_sort(list.dup)}"
  puts "Again: #{quick_sort(list).join(' ')}"
end
