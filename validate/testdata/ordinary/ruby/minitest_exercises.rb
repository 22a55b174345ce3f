require 'minitest/autorun'

module Exercises
  module_function

  def acronym(phrase) = phrase.scan(/\b[a-z]/i).join.upcase
  def hamming(a, b) = a.chars.zip(b.chars).count { |x, y| x != y }
  def isogram?(word) = word.downcase.scan(/\w/).then { |l| l == l.uniq }
  def anagrams(word, list) = list.select { |w| w.downcase.chars.sort == word.downcase.chars.sort && w.casecmp(word) != 0 }

  def roman(number)
    { M: 1000, CM: 900, D: 500, CD: 400, C: 100, XC: 90, L: 50, XL: 40, X: 10, IX: 9, V: 5, IV: 4, I: 1 }
      .reduce(+'') do |out, (sign, value)|
        count, number = number.divmod(value)
        out << sign.to_s * count
      end
  end

  def say(number)
    raise ArgumentError unless (0..99).cover?(number)

    ones = %w[zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen]
    tens = %w[_ _ twenty thirty forty fifty sixty seventy eighty ninety]
    return ones[number] if number < 20

    [tens[number / 10], (ones[number % 10] unless (number % 10).zero?)].compact.join('-')
  end
end

class ExercisesTest < Minitest::Test
  include Exercises

  def test_acronym = assert_equal('PNG', Exercises.acronym('Portable Network Graphics'))
  def test_hamming = assert_equal(7, Exercises.hamming('GAGCCTACTAACGGGAT', 'CATCGTAATGACGGCCT'))
  def test_roman = assert_equal('MCMXCIX', Exercises.roman(1999))

  def test_say
    assert_equal 'twenty-two', Exercises.say(22)
    assert_raises(ArgumentError) { Exercises.say(100) }
  end

  def test_words
    assert Exercises.isogram?('lumberjacks')
    refute Exercises.isogram?('system')
    assert_equal %w[inlets], Exercises.anagrams('listen', %w[enlists google inlets banana])
  end
end
