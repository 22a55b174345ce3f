require 'minitest/autorun'

module Caesar
  module_function

  def encrypt(text, shift)
    text.gsub(/[a-z]/i) do |c|
      base = c =~ /[a-z]/ ? 97 : 65
      ((c.ord - base + shift) % 26 + base).chr
    end
  end

  def crack(text)
    (0..25).map { |s| encrypt(text, -s) }.find { |t| t =~ /\bthe\b/i }
  end
end

class CaesarTest < Minitest::Test
  def test_wraps_around
    assert_equal 'Bmfy f xywnsl!', Caesar.encrypt('What a string!', 5)
  end

  def test_round_trip
    100.times do
      s = rand(26)
      assert_equal 'Hello', Caesar.encrypt(Caesar.encrypt('Hello', s), -s)
    end
  end

  def test_crack
    assert_equal 'the end', Caesar.crack(Caesar.encrypt('the end', 11))
  end
end
