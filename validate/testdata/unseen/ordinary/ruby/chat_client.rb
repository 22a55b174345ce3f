require 'socket'

host = ARGV[0] || 'localhost'
port = (ARGV[1] || 2000).to_i

server = TCPSocket.open(host, port)
print 'Name: '
name = $stdin.gets.chomp
server.puts name

listener = Thread.new do
  while (line = server.gets)
    puts line
  end
end

sender = Thread.new do
  loop do
    message = $stdin.gets
    break if message.nil? || message.chomp == '/exit'

    server.puts message.chomp
  end
  server.close
end

sender.join
listener.kill
