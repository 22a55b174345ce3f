package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// progress tells a person how far we are: on a terminal one line that changes, else a line now and then.
type progress struct {
	w     io.Writer
	tty   bool
	began time.Time
	last  time.Time
}

// How often a step's progress is told. A log gets few lines, and none of them while something is measured.
const (
	tellTerminal = 200 * time.Millisecond
	tellLog      = 10 * time.Second
)

func newProgress(w io.Writer) *progress {
	now := time.Now()
	return &progress{w: w, tty: isTerminal(w), began: now, last: now}
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
}

// say tells that something begins.
func (p *progress) say(format string, args ...any) {
	p.tell("\n", format, args...)
}

// step tells how far something is, unless that was told a moment ago.
func (p *progress) step(format string, args ...any) {
	every, end := tellLog, "\n"
	if p.tty {
		every, end = tellTerminal, ""
	}
	if time.Since(p.last) >= every {
		p.tell(end, format, args...)
	}
}

func (p *progress) tell(end, format string, args ...any) {
	p.last = time.Now()
	begin := ""
	if p.tty {
		begin = "\r\033[K"
	}
	elapsed := p.last.Sub(p.began).Seconds()
	_, _ = fmt.Fprintf(p.w, "%s[%6.1fs] %s%s", begin, elapsed, fmt.Sprintf(format, args...), end)
}
