//! A stack machine. Its `exec` and `system` have nothing to do with those of the operating system.
use std::convert::TryFrom;

#[derive(Debug, Clone, Copy)]
enum Op { Push(i64), Add, Mul, Dup, Swap, Dec, JumpIfNot(usize), Jump(usize), System(u8), Halt }

#[derive(Debug)]
enum Fault { StackUnderflow(usize), BadSystemCall(u8), TooLong }

struct Machine<'p> {
    program: &'p [Op],
    stack: Vec<i64>,
    pc: usize,
    fuel: u32,
}

impl<'p> Machine<'p> {
    fn new(program: &'p [Op]) -> Self {
        Machine { program, stack: Vec::with_capacity(16), pc: 0, fuel: 10_000 }
    }

    fn pop(&mut self) -> Result<i64, Fault> {
        self.stack.pop().ok_or(Fault::StackUnderflow(self.pc))
    }

    fn system(&mut self, call: u8) -> Result<(), Fault> {
        match call {
            1 => Ok(println!("{}", self.pop()?)),
            2 => Ok(print!("{}", char::from(u8::try_from(self.pop()?).unwrap_or(b'?')))),
            n => Err(Fault::BadSystemCall(n)),
        }
    }

    fn exec(&mut self) -> Result<(), Fault> {
        while let Some(&op) = self.program.get(self.pc) {
            self.fuel = self.fuel.checked_sub(1).ok_or(Fault::TooLong)?;
            self.pc += 1;
            match op {
                Op::Push(n) => self.stack.push(n),
                Op::Add => { let (b, a) = (self.pop()?, self.pop()?); self.stack.push(a.wrapping_add(b)) }
                Op::Mul => { let (b, a) = (self.pop()?, self.pop()?); self.stack.push(a.wrapping_mul(b)) }
                Op::Dup => { let a = self.pop()?; self.stack.extend([a, a]) }
                Op::Swap => { let (b, a) = (self.pop()?, self.pop()?); self.stack.extend([b, a]) }
                Op::Dec => { let a = self.pop()?; self.stack.push(a - 1) }
                Op::JumpIfNot(to) => if self.pop()? == 0 { self.pc = to },
                Op::Jump(to) => self.pc = to,
                Op::System(n) => self.system(n)?,
                Op::Halt => break,
            }
        }
        Ok(())
    }
}

fn main() {
    let power = [Op::Push(1), Op::Push(10), Op::Dup, Op::JumpIfNot(10), Op::Swap, Op::Push(2), Op::Mul, Op::Swap, Op::Dec, Op::Jump(2), Op::Swap, Op::System(1), Op::Halt];
    println!("{:?}", Machine::new(&power).exec());
    println!("{:?}", Machine::new(&[Op::Jump(0)]).exec());
    println!("{:?}", Machine::new(&[Op::Add]).exec());
    println!("{:?}", Machine::new(&[Op::System(59)]).exec());
}
