use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Light { Red, RedYellow, Green, Yellow, Off }

#[derive(Debug, Clone, Copy)]
enum Event { Timer, PowerCut, Reset }

impl Light {
    const ALL: [Light; 5] = [Light::Red, Light::RedYellow, Light::Green, Light::Yellow, Light::Off];

    fn next(self, event: Event) -> Light {
        use Light::*;
        match (self, event) {
            (_, Event::PowerCut) => Off,
            (Off, Event::Reset) => Red,
            (Red, Event::Timer) => RedYellow,
            (RedYellow, Event::Timer) => Green,
            (Green, Event::Timer) => Yellow,
            (Yellow, Event::Timer) => Red,
            (state, _) => state,
        }
    }

    fn duration(&self) -> Option<Duration> {
        match self {
            Light::Red | Light::Green => Some(Duration::from_secs(30)),
            Light::RedYellow | Light::Yellow => Some(Duration::from_millis(2500)),
            Light::Off => None,
        }
    }
}

/// The same machine with the type system: a door that cannot be opened when locked.
struct Door<S> { opened: u32, state: S }
struct Open;
struct Closed;

impl Door<Closed> {
    fn open(self) -> Door<Open> { Door { opened: self.opened + 1, state: Open } }
}

impl Door<Open> {
    fn close(self) -> Door<Closed> { let Door { opened, state: Open } = self; Door { opened, state: Closed } }
}

fn main() {
    let mut light = Light::Off;
    for event in [Event::Timer, Event::Reset, Event::Timer, Event::Timer, Event::Timer, Event::PowerCut] {
        let next = light.next(event);
        println!("{light:?} --{event:?}--> {next:?} {:?}", next.duration());
        light = next;
    }
    println!("{}", Light::ALL.iter().filter_map(Light::duration).map(|d| d.as_secs_f32()).sum::<f32>());
    let door = Door { opened: 0, state: Closed }.open().close().open();
    println!("opened {} times", door.opened);
}
