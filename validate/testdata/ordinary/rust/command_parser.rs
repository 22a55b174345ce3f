use std::str::FromStr;

/// Commands of a small robot, as text.
#[derive(Debug, PartialEq)]
enum Command {
    Move { steps: i32 },
    Turn(Direction),
    Say(String),
    Exec(Vec<Command>),
}

#[derive(Debug, PartialEq, Clone, Copy)]
enum Direction { Left, Right }

impl FromStr for Command {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        let (word, rest) = s.trim().split_once(' ').unwrap_or((s.trim(), ""));
        match word {
            "move" => rest.parse().map(|steps| Command::Move { steps }).map_err(|e| format!("{rest:?}: {e}")),
            "turn" if rest == "left" => Ok(Command::Turn(Direction::Left)),
            "turn" if rest == "right" => Ok(Command::Turn(Direction::Right)),
            "say" => Ok(Command::Say(rest.to_owned())),
            "exec" => rest.split(',').map(Command::from_str).collect::<Result<_, _>>().map(Command::Exec),
            other => Err(format!("unknown command {other}")),
        }
    }
}

#[derive(Default)]
struct Robot { x: i32, y: i32, heading: usize }

impl Robot {
    const STEPS: [(i32, i32); 4] = [(0, 1), (1, 0), (0, -1), (-1, 0)];

    fn run(&mut self, command: &Command) {
        match command {
            Command::Move { steps } => {
                let (dx, dy) = Self::STEPS[self.heading];
                self.x += dx * steps;
                self.y += dy * steps;
            }
            Command::Turn(d) => self.heading = (self.heading + if *d == Direction::Right { 1 } else { 3 }) % 4,
            Command::Say(text) => println!("robot says: {text}"),
            Command::Exec(list) => list.iter().for_each(|c| self.run(c)),
        }
    }
}

fn main() {
    let mut robot = Robot::default();
    for line in ["move 3", "turn right", "exec move 2, turn left, move 1", "say rm -rf /", "spawn sh", "move x"] {
        match line.parse::<Command>() {
            Ok(command) => robot.run(&command),
            Err(e) => eprintln!("error: {e}"),
        }
    }
    println!("at {},{} facing {}", robot.x, robot.y, robot.heading);
}
