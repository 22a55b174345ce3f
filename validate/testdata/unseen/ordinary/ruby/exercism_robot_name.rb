class Robot
  NAMES = ('AA000'..'ZZ999').to_a.shuffle.each

  def self.forget
    NAMES.rewind
  end

  attr_reader :name

  def initialize
    reset
  end

  def reset
    @name = NAMES.next
  end
end

class Clock
  attr_reader :minutes
  protected :minutes

  def initialize(hour: 0, minute: 0)
    @minutes = (hour * 60 + minute) % 1440
  end

  def +(other)
    Clock.new(minute: minutes + other.minutes)
  end

  def ==(other)
    minutes == other.minutes
  end

  def to_s
    format('%02d:%02d', *minutes.divmod(60))
  end
end

puts Clock.new(hour: 23, minute: 59) + Clock.new(minute: 2)
puts Robot.new.name
