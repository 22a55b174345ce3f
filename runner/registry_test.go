package runner

import (
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
)

func newRegistry() *registry { return &registry{keep: time.Minute, runs: map[string]*Run{}} }

// keeps adds a run that has ended, with so much output.
func (g *registry) keeps(id string, output int) {
	r := &Run{ID: id, t: &transcript{limit: output}}
	_, _ = stream{r.t, EventStdout}.Write(make([]byte, output))
	g.add(r)
	g.retire(r)
}

func (g *registry) has(id string) bool {
	_, ok := g.find(id)
	return ok
}

func TestResultsAreKeptForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newRegistry()
		g.add(&Run{ID: "running"})
		g.keeps("first", 1)
		time.Sleep(30 * time.Second)
		g.keeps("second", 1)
		assert.True(t, g.has("first"))
		time.Sleep(30 * time.Second)
		assert.False(t, g.has("first"))
		assert.True(t, g.has("second"))
		time.Sleep(30 * time.Second)
		assert.False(t, g.has("second"))
		assert.True(t, g.has("running"), "however long it runs")
		assert.Empty(t, g.ended)
		assert.Zero(t, g.bytes)
		assert.Len(t, g.runs, 1)
	})
}

func TestSoManyResultsAreKept(t *testing.T) {
	g := newRegistry()
	g.add(&Run{ID: "running"})
	for i := range maxKept + 10 {
		g.keeps(strconv.Itoa(i), 1)
	}
	assert.False(t, g.has("9"), "the oldest go first")
	assert.True(t, g.has("10"))
	assert.True(t, g.has("running"))
	assert.Len(t, g.ended, maxKept)
}

func TestSoMuchIsKept(t *testing.T) {
	g := newRegistry()
	const big = maxKeptBytes/2 + 1
	g.keeps("a", 1)
	g.keeps("b", big)
	assert.True(t, g.has("a"))
	g.keeps("c", big)
	assert.False(t, g.has("a"), "the oldest first")
	assert.False(t, g.has("b"))
	assert.True(t, g.has("c"))
	assert.LessOrEqual(t, g.bytes, maxKeptBytes)
	g.keeps("d", 2*big)
	assert.False(t, g.has("c"))
	assert.True(t, g.has("d"), "the newest is kept, however large")
	g.keeps("e", 1)
	assert.False(t, g.has("d"))
	assert.True(t, g.has("e"))
}

// What a run keeps besides its output counts, and what was submitted is not kept.
func TestSizeOfARun(t *testing.T) {
	r := &Run{t: &transcript{limit: 1 << 20}, done: make(chan struct{}), cancel: func(error) {}}
	r.job = Job{Code: make([]byte, 1), Files: files("a"), Args: []string{"a"}, Env: map[string]string{"A": "a"}}
	r.plan = plan{run: []string{"a"}, env: []string{"A=a"}}
	for i := range 1000 {
		_, _ = stream{r.t, []EventKind{EventStdout, EventStderr}[i%2]}.Write([]byte("x"))
	}
	r.finish(&Result{Compile: &Compile{Stdout: make([]byte, 5000), Stderr: make([]byte, 500)}}, nil)
	assert.Greater(t, r.size(), 5500+1000+1000*entrySize)
	assert.Zero(t, r.job)
	assert.Zero(t, r.plan)
}
