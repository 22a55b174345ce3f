puts "Hello from Paddock"
