# A loop that serves its own list of requests until it is interrupted.
class Server
  Request = Struct.new(:verb, :path)

  def initialize(requests)
    @requests = requests
    @running = true
    @handlers = Hash.new(->(r) { "404 #{r.path}" })
  end

  def on(path, &block)
    @handlers[path] = block
    self
  end

  def stop(signal)
    @running = false
    @signal = signal
  end

  def listen
    while @running
      request = @requests.shift or break
      puts "#{request.verb} #{request.path} -> #{@handlers[request.path].call(request)}"
      yield self if block_given?
    end
    puts @signal ? "stopped by #{@signal}" : 'no more requests'
  end
end

requests = [%w[GET /], %w[POST /exec], %w[DELETE /system], %w[GET /never]].map { |r| Server::Request.new(*r) }
server = Server.new(requests)
server.on('/') { 'hello' }.on('/exec') { |r| "you may not #{r.verb.downcase} here" }

%w[INT TERM].each { |name| Signal.trap(name) { server.stop(name) } }
at_exit { puts "goodbye, #{requests.size} left" }

served = 0
server.listen do |s|
  served += 1
  s.stop('counter') if served == 3
end
puts ENV.fetch('SERVER_MOTTO', 'kill -INT stops me, kill -9 too')
