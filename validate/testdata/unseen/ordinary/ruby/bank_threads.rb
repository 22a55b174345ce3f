require 'thread'
require 'benchmark'

class InsufficientFunds < StandardError
  def initialize(msg = 'not enough money')
    super
  end
end

class Account
  attr_reader :balance

  def initialize(balance = 0)
    @balance = balance
    @mutex = Mutex.new
  end

  def deposit(amount)
    @mutex.synchronize { @balance += amount }
  end

  def withdraw(amount)
    @mutex.synchronize do
      raise InsufficientFunds if amount > @balance

      @balance -= amount
    end
  end
end

account = Account.new(1000)
time = Benchmark.realtime do
  threads = 10.times.map do |i|
    Thread.new { 100.times { i.even? ? account.deposit(1) : account.withdraw(1) } }
  end
  threads.each(&:join)
end
puts account.balance
warn format('%.3f s', time)

begin
  account.withdraw(1_000_000)
rescue InsufficientFunds => e
  puts "Error: #{e.message}"
ensure
  puts 'done'
end
