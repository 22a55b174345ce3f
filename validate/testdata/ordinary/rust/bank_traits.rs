use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::process::ExitCode;

#[derive(Debug)]
enum BankError {
    NoAccount(u32),
    Insufficient { need: u64, have: u64 },
}

impl fmt::Display for BankError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoAccount(id) => write!(f, "no account {id}"),
            Self::Insufficient { need, have } => write!(f, "need {need}, have {have}"),
        }
    }
}

impl Error for BankError {}

trait Audit {
    fn log(&mut self, line: String);
}

#[derive(Default)]
struct Memory(Vec<String>);

impl Audit for Memory {
    fn log(&mut self, line: String) { self.0.push(line) }
}

struct Bank<A: Audit> { accounts: HashMap<u32, u64>, audit: A }

impl<A: Audit> Bank<A> {
    fn withdraw(&mut self, id: u32, amount: u64) -> Result<u64, BankError> {
        let balance = self.accounts.get_mut(&id).ok_or(BankError::NoAccount(id))?;
        *balance = balance.checked_sub(amount).ok_or(BankError::Insufficient { need: amount, have: *balance })?;
        self.audit.log(format!("-{amount} from {id}"));
        Ok(*balance)
    }

    fn transfer(&mut self, from: u32, to: u32, amount: u64) -> Result<(), Box<dyn Error>> {
        if !self.accounts.contains_key(&to) {
            return Err(BankError::NoAccount(to).into());
        }
        self.withdraw(from, amount)?;
        *self.accounts.entry(to).or_insert(0) += amount;
        Ok(())
    }
}

fn main() -> ExitCode {
    let mut bank = Bank { accounts: HashMap::from([(1, 100), (2, 50)]), audit: Memory::default() };
    for (from, to, amount) in [(1, 2, 70), (1, 2, 70), (2, 9, 1)] {
        match bank.transfer(from, to, amount) {
            Ok(()) => println!("ok"),
            Err(e) => println!("error: {e}"),
        }
    }
    println!("{:?}", bank.audit.0);
    if bank.accounts.values().sum::<u64>() == 150 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
