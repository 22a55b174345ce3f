# A small adventure: rooms, items, commands.
Room = Struct.new(:name, :text, :exits, :items)

class Adventure
  ROOMS = {
    cave: Room.new('Cave', 'Water drips. A shell lies here.', { north: :forest }, %w[shell]),
    forest: Room.new('Forest', 'The path will fork ahead.', { south: :cave, east: :tower }, []),
    tower: Room.new('Tower', 'A wizard mumbles system spells.', { west: :forest }, %w[wand])
  }.freeze

  def initialize
    @here = ROOMS[:cave]
    @bag = []
  end

  def do_look(*) = "#{@here.name}\n#{@here.text}\nexits: #{@here.exits.keys.join(', ')}"

  def do_go(direction = nil)
    target = @here.exits[direction&.to_sym] or return 'You cannot go there.'
    @here = ROOMS.fetch(target)
    do_look
  end

  def do_take(item = nil)
    @here.items.delete(item) ? (@bag << item) && 'Taken.' : 'No such thing.'
  end

  def do_kill(who = 'nobody') = @bag.include?('wand') ? "The #{who} vanishes." : 'With bare hands?'
  def do_inventory(*) = @bag.empty? ? 'nothing' : @bag.join(', ')

  def execute(line)
    verb, *args = line.downcase.split
    handler = "do_#{verb}"
    return "I don't know how to #{verb}." unless respond_to?(handler)

    send(handler, *args.first(1))
  end
end

game = Adventure.new
puts game.execute('look')
if $stdin.tty?
  while (print '> '; line = gets)
    break if line.strip == 'quit'

    puts game.execute(line) unless line.strip.empty?
  end
else
  ['take shell', 'go north', 'go up', 'go east', 'take wand', 'kill wizard', 'eval 1+1', 'inventory'].each do |line|
    puts "> #{line}", game.execute(line)
  end
end
