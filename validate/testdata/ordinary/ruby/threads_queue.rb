require 'timeout'

# Producer and consumers with Queue, Mutex and ConditionVariable.
queue = SizedQueue.new(5)
results = []
lock = Mutex.new

consumers = Array.new(3) do |id|
  Thread.new do
    Thread.current.name = "consumer-#{id}"
    while true
      job = queue.pop
      break if job == :stop

      value = (1..job).inject(:*)
      lock.synchronize { results << [id, job, value] }
    end
  end
end

producer = Thread.new do
  (1..20).each { |n| queue << n }
  consumers.size.times { queue << :stop }
end

Timeout.timeout(10) { [producer, *consumers].each(&:join) }
puts results.map { |_, job, _| job }.sort.inspect
puts results.size

fib = Fiber.new do
  a, b = 0, 1
  loop do
    Fiber.yield a
    a, b = b, a + b
  end
end
puts Array.new(10) { fib.resume }.join(' ')

squares = Enumerator.new { |y| n = 0; loop { y << (n += 1)**2 } }
puts squares.lazy.select(&:even?).first(4).inspect
start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
sleep 0.01
puts Process.clock_gettime(Process::CLOCK_MONOTONIC) - start < 5
puts Process.pid.positive?, Thread.list.size
