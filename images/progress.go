package images

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"
)

const (
	tailLines = 40               // of a failed build's output
	reminder  = 10 * time.Second // a step that takes longer says so, again and again
)

// progress writes one line per step, with the time since the start. It is safe for concurrent use.
type progress struct {
	mu    sync.Mutex
	w     io.Writer
	start time.Time
}

func newProgress(w io.Writer) *progress {
	if w == nil {
		w = io.Discard
	}
	return &progress{w: w, start: time.Now()}
}

func (p *progress) say(name, format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.w, "%6.1fs  %s: %s\n", time.Since(p.start).Seconds(), name, fmt.Sprintf(format, args...))
}

func (p *progress) raw(text []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = p.w.Write(text)
}

// tail writes the end of what a failed step printed.
func (p *progress) tail(lines []string) {
	for _, l := range lines {
		p.raw([]byte("         | " + l + "\n"))
	}
}

// watch follows the output of one build: says its steps, remembers its last lines, and finds its version.
type watch struct {
	p       *progress
	name    string
	verbose bool
	silent  bool

	mu      sync.Mutex
	line    []byte // not ended yet
	lines   []string
	step    string
	version string
	stop    chan struct{}
	done    sync.WaitGroup
}

// follow makes a watch that reminds of a long step until it is closed; close it. Without a step it says nothing.
func (p *progress) follow(name, step string, verbose bool) *watch {
	w := &watch{p: p, name: name, verbose: verbose, silent: step == "", step: step, stop: make(chan struct{})}
	if !w.silent {
		p.say(name, "%s", step)
	}
	w.done.Go(w.remind)
	return w
}

func (w *watch) remind() {
	began := time.Now()
	every := time.NewTicker(reminder)
	defer every.Stop()
	for {
		select {
		case <-every.C:
			w.mu.Lock()
			step := w.step
			w.mu.Unlock()
			w.p.say(w.name, "still busy after %.0fs: %s", time.Since(began).Seconds(), step)
		case <-w.stop:
			return
		}
	}
}

func (w *watch) Close() error {
	close(w.stop)
	w.done.Wait()
	return nil
}

func (w *watch) Write(b []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.verbose {
		w.p.raw(b)
	}
	w.line = append(w.line, b...)
	for {
		line, rest, ended := bytes.Cut(w.line, []byte("\n"))
		if !ended {
			return len(b), nil
		}
		w.take(strings.TrimRight(string(line), "\r"))
		w.line = rest
	}
}

func (w *watch) take(line string) {
	w.lines = append(w.lines, line)
	if len(w.lines) > tailLines {
		w.lines = w.lines[1:]
	}
	if v, ok := strings.CutPrefix(line, versionMark); ok && w.version == "" {
		w.version = v
	}
	if step, ok := readStep(line); ok && !w.silent {
		w.step = step
		w.p.say(w.name, "%s", step)
	}
}

// last is the end of the output, a line without an end included.
func (w *watch) last() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.line) > 0 {
		return append(w.lines, string(w.line))
	}
	return w.lines
}

const stepWidth = 100

// readStep finds what takes time in a build's output: instructions that run or copy, shortened to one line, and the
// commit at the end.
func readStep(line string) (string, bool) {
	if strings.HasPrefix(line, "COMMIT") {
		return "storing the image", true
	}
	step, ok := strings.CutPrefix(line, "STEP ")
	_, instruction, _ := strings.Cut(step, ": ")
	word, _, _ := strings.Cut(instruction, " ")
	ours := strings.Contains(line, versionMark) // asking for the version takes no time
	if !ok || ours || !slices.Contains([]string{"RUN", "COPY", "ADD"}, word) {
		return "", false
	}
	step = strings.Join(strings.Fields(instruction), " ")
	if len(step) > stepWidth {
		step = strings.ToValidUTF8(step[:stepWidth-3], "") + "..."
	}
	return step, true
}
