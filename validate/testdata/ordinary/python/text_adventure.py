"""The haunted house: a text adventure driven by dictionaries."""

ROOMS = {
    "hall": {"text": "A dusty hall. A fork lies on the table.", "north": "kitchen", "items": ["fork"]},
    "kitchen": {"text": "Something moves behind the stove.", "south": "hall", "down": "cellar", "items": ["lamp"]},
    "cellar": {"text": "It is dark. You hear a shell crack.", "up": "kitchen", "items": []},
}


class Game:
    def __init__(self):
        self.room = "hall"
        self.bag = set()
        self.running = True

    def do_go(self, where):
        target = ROOMS[self.room].get(where)
        if target:
            self.room = target
            self.do_look()
        else:
            print("You can't go there.")

    def do_look(self, _=""):
        room = ROOMS[self.room]
        print(room["text"], "You see:", ", ".join(room["items"]) or "nothing")

    def do_take(self, item):
        items = ROOMS[self.room]["items"]
        if item in items:
            items.remove(item)
            self.bag.add(item)
            print("Taken.")

    def do_kill(self, target):
        print(f"You kill the {target}." if "fork" in self.bag else "With what?")

    def do_quit(self, _=""):
        self.running = False

    def command(self, line):
        verb, _, rest = line.strip().partition(" ")
        handler = getattr(self, "do_" + verb, None)
        if handler is None:
            print("I don't understand", repr(verb))
        else:
            handler(rest)


game = Game()
game.do_look()
while game.running:
    try:
        game.command(input("> "))
    except (EOFError, KeyboardInterrupt):
        break
