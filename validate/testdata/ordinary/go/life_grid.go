package main

import (
	"bytes"
	"fmt"
	"math/rand"
	"time"
)

type Field struct {
	s    [][]bool
	w, h int
}

func NewField(w, h int) *Field {
	s := make([][]bool, h)
	for i := range s {
		s[i] = make([]bool, w)
	}
	return &Field{s, w, h}
}

func (f *Field) Alive(x, y int) bool { return f.s[(y+f.h)%f.h][(x+f.w)%f.w] }

func (f *Field) Next(x, y int) bool {
	alive := 0
	for i := -1; i <= 1; i++ {
		for j := -1; j <= 1; j++ {
			if (j != 0 || i != 0) && f.Alive(x+i, y+j) {
				alive++
			}
		}
	}
	return alive == 3 || alive == 2 && f.Alive(x, y)
}

type Life struct{ a, b *Field }

func (l *Life) Step() {
	for y := 0; y < l.a.h; y++ {
		for x := 0; x < l.a.w; x++ {
			l.b.s[y][x] = l.a.Next(x, y)
		}
	}
	l.a, l.b = l.b, l.a
}

func (l *Life) String() string {
	var buf bytes.Buffer
	for _, row := range l.a.s {
		for _, c := range row {
			buf.WriteByte(map[bool]byte{true: '*', false: ' '}[c])
		}
		buf.WriteByte('\n')
	}
	return buf.String()
}

func main() {
	l := &Life{NewField(40, 15), NewField(40, 15)}
	for i := 0; i < 150; i++ {
		l.a.s[rand.Intn(15)][rand.Intn(40)] = true
	}
	for i := 0; i < 10; i++ {
		l.Step()
		fmt.Print("\x0c", l) // Clear screen and print field.
		time.Sleep(time.Second / 100)
	}
}
