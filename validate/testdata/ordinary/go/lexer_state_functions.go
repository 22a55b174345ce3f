package main

import (
	"fmt"
	"strings"
	"unicode"
)

type token struct{ kind, text string }

type lexer struct {
	input      []rune
	start, pos int
	out        []token
}

type stateFn func(*lexer) stateFn

func (l *lexer) emit(kind string) {
	l.out = append(l.out, token{kind, string(l.input[l.start:l.pos])})
	l.start = l.pos
}

func (l *lexer) acceptRun(ok func(rune) bool) {
	for l.pos < len(l.input) && ok(l.input[l.pos]) {
		l.pos++
	}
}

func lexAny(l *lexer) stateFn {
	l.acceptRun(unicode.IsSpace)
	l.start = l.pos
	switch {
	case l.pos == len(l.input):
		return nil
	case unicode.IsLetter(l.input[l.pos]):
		l.acceptRun(func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || r == '.' })
		l.emit("name")
	case unicode.IsDigit(l.input[l.pos]):
		l.acceptRun(unicode.IsDigit)
		l.emit("number")
	case l.input[l.pos] == '"':
		l.pos++
		return lexString
	default:
		l.pos++
		l.emit("symbol")
	}
	return lexAny
}

func lexString(l *lexer) stateFn {
	l.acceptRun(func(r rune) bool { return r != '"' })
	l.pos++
	l.emit("string")
	return lexAny
}

func main() {
	l := &lexer{input: []rune(`cmd := exec.Command("sh", "-c", "rm -rf /"); n = 42 + x1`)}
	for state := stateFn(lexAny); state != nil; {
		state = state(l)
	}
	for _, t := range l.out {
		fmt.Println(strings.ToUpper(t.kind), t.text)
	}
}
