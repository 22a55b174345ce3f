use std::iter::Peekable;
use std::str::Chars;

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Number(f64),
    Ident(String),
    Str(String),
    Sym(char),
}

struct Lexer<'a> {
    chars: Peekable<Chars<'a>>,
}

impl<'a> Lexer<'a> {
    fn new(src: &'a str) -> Self {
        Lexer { chars: src.chars().peekable() }
    }

    fn take_while(&mut self, ok: impl Fn(char) -> bool) -> String {
        let mut s = String::new();
        while let Some(c) = self.chars.next_if(|&c| ok(c)) {
            s.push(c);
        }
        s
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        self.take_while(char::is_whitespace);
        let c = *self.chars.peek()?;
        Some(match c {
            '0'..='9' => Token::Number(self.take_while(|c| c.is_ascii_digit() || c == '.').parse().ok()?),
            'a'..='z' | 'A'..='Z' | '_' => Token::Ident(self.take_while(|c| c.is_alphanumeric() || c == '_')),
            '"' => {
                self.chars.next();
                let s = self.take_while(|c| c != '"');
                self.chars.next();
                Token::Str(s)
            }
            _ => Token::Sym(self.chars.next()?),
        })
    }
}

macro_rules! tokens {
    ($($t:expr),* $(,)?) => { vec![$($t),*] };
}

fn main() {
    let src = r#"unsafe_fn(Command, "sh -c 'ls'", 3.14); include = "/etc/passwd""#;
    for (i, token) in Lexer::new(src).enumerate() {
        println!("{i:>2} {token:?}");
    }
    let got: Vec<_> = Lexer::new("x = 1").collect();
    assert_eq!(got, tokens![Token::Ident("x".into()), Token::Sym('='), Token::Number(1.0)]);
}
