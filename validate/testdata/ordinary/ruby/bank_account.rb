require 'bigdecimal'

class InsufficientFunds < StandardError
  attr_reader :missing

  def initialize(missing)
    @missing = missing
    super("#{format('%.2f', missing)} too little")
  end
end

class Account
  include Comparable
  attr_reader :owner, :balance

  @@count = 0

  class << self
    def count = @@count

    def open(owner, amount = 0)
      account = new(owner)
      account.deposit(amount) if amount.positive?
      yield account if block_given?
      account
    end
  end

  def initialize(owner)
    @owner = owner
    @balance = BigDecimal('0')
    @@count += 1
  end

  def deposit(amount)
    raise ArgumentError, 'amount must be positive' unless amount.positive?

    @balance += amount
    self
  end

  def withdraw(amount)
    raise InsufficientFunds, amount - @balance if amount > @balance

    @balance -= amount
    self
  end

  def <=>(other) = balance <=> other.balance
  def to_s = "#{owner}: #{balance.to_s('F')}"
end

ann = Account.open('Ann', 100)
bob = Account.open('Bob', 50) { |a| a.deposit(25) }
begin
  bob.withdraw(80)
rescue InsufficientFunds => e
  warn "Sorry, #{e.message} (#{e.missing.to_i})"
ensure
  puts [ann, bob].max
end
puts Account.count, ann.between?(bob, ann)
