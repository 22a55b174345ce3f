#[derive(Debug, PartialEq, Eq)]
pub enum Error {
    NotEnoughPinsLeft,
    GameComplete,
}

#[derive(Default)]
pub struct BowlingGame {
    rolls: Vec<u16>,
    frame: usize,
    first: Option<u16>,
}

impl BowlingGame {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn roll(&mut self, pins: u16) -> Result<(), Error> {
        if self.score().is_some() {
            return Err(Error::GameComplete);
        }
        if pins + self.first.unwrap_or(0) > 10 {
            return Err(Error::NotEnoughPinsLeft);
        }
        self.rolls.push(pins);
        self.first = match self.first {
            None if pins < 10 => Some(pins),
            _ => {
                self.frame += 1;
                None
            }
        };
        Ok(())
    }

    pub fn score(&self) -> Option<u16> {
        let mut total = 0;
        let mut i = 0;
        for _ in 0..10 {
            let a = *self.rolls.get(i)?;
            let b = *self.rolls.get(i + 1)?;
            total += a + b;
            if a == 10 || a + b == 10 {
                total += *self.rolls.get(i + 2)?;
            }
            i += if a == 10 { 1 } else { 2 };
        }
        Some(total)
    }
}
