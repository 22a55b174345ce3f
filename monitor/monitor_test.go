package monitor

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// lab is a host of four cores, whose files a test lets go on, and a monitor that looks at it.
type lab struct {
	*testing.T
	*Monitor
	root       string
	busy, idle int // hundredths of a second
	changes    []string

	mu    sync.Mutex // Run's goroutine asks for these
	ours  time.Duration
	queue Queue
}

// inLab runs a test with a monitor at work, in a bubble with its own time.
func inLab(t *testing.T, o Options, test func(*lab)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := &lab{T: t, root: t.TempDir(), busy: 1000, idle: 1000}
		atRest.write(t, l.root)
		o.Root = l.root
		o.Ours = func() time.Duration { l.mu.Lock(); defer l.mu.Unlock(); return l.ours }
		o.Waiting = func() Queue { l.mu.Lock(); defer l.mu.Unlock(); return l.queue }
		o.OnChange = func(from Level, now Snapshot) {
			l.changes = append(l.changes, fmt.Sprintf("%s -> %s (%s)", from, now.Level, now.Cause))
		}
		var err error
		l.Monitor, err = New(o)
		require.NoError(t, err)
		l.write(0, 0)
		ctx, cancel := context.WithCancel(t.Context())
		var work sync.WaitGroup
		work.Go(func() { l.Monitor.Run(ctx) })
		synctest.Wait()
		test(l)
		cancel()
		work.Wait()
	})
}

// write puts times of CPUs into their file, on top of those before.
func (l *lab) write(busy, idle int) {
	l.busy, l.idle = l.busy+busy, l.idle+idle
	files{"proc/stat": fmt.Sprintf("cpu  %d 0 0 %d 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0 0 0\n", l.busy, l.idle)}.write(l.T, l.root)
}

// pass lets so many intervals of 5 s pass, in which others and our cells use so much of the CPUs, in percent, and five who have
// waited are served in each.
func (l *lab) pass(intervals, others, ours int) {
	for range intervals {
		l.write(20*(others+ours), 20*(100-others-ours))
		l.mu.Lock()
		l.ours += time.Duration(ours) * 200 * time.Millisecond
		l.queue.Served += 5
		l.mu.Unlock()
		time.Sleep(5 * time.Second)
		synctest.Wait()
	}
}

func TestMonitor(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		assert.Equal(l, Normal, l.Now().Level)
		assert.Equal(l, Decision{}, l.Admit(0), "before anything is known")

		l.pass(20, 0, 100)
		assert.Equal(l, Normal, l.Now().Level, "our cells are what the host is for")
		assert.InDelta(l, 100, l.Now().Reading.Ours, 1e-9)

		l.pass(1, 85, 10)
		assert.Equal(l, Normal, l.Now().Level, "one look is none")
		assert.Equal(l, Decision{}, l.Admit(0))
		l.pass(1, 85, 10)
		now := l.Now()
		assert.Equal(l, Elevated, now.Level)
		assert.Equal(l, CauseCPU, now.Cause)
		assert.WithinDuration(l, time.Now(), now.Since, 0)
		d := l.Admit(0)
		assert.Positive(l, d.Delay)
		assert.Equal(l, &now, d.Report)
		assert.Equal(l, Decision{}, l.Admit(3), "ENTERPRISE does not wait")

		l.pass(2, 91, 5)
		assert.Equal(l, Saturated, l.Now().Level)
		free, pro := l.Admit(0), l.Admit(2)
		assert.True(l, free.Refused)
		assert.False(l, pro.Refused)

		l.pass(6, 40, 50)
		assert.Equal(l, Normal, l.Now().Level)
		assert.Equal(l, Decision{}, l.Admit(0))
		assert.Equal(l, []string{
			"normal -> elevated (cpu)", "elevated -> saturated (cpu)", "saturated -> elevated (cpu)", "elevated -> normal (cpu)",
		}, l.changes, "each once")
	})
}

// Who is refused stays away until the level can have fallen, and not all come back at once.
func TestRetryAfter(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.pass(2, 100, 0)
		seen := map[time.Duration]bool{}
		for range 100 {
			d := l.Admit(0)
			require.True(l, d.Refused)
			require.GreaterOrEqual(l, d.RetryAfter, 15*time.Second)
			require.Less(l, d.RetryAfter, 20*time.Second)
			seen[d.RetryAfter] = true
		}
		assert.Greater(l, len(seen), 50)
		l.pass(3, 0, 0)
		assert.False(l, l.Admit(0).Refused, "15 s later")
	})
}

// An episode lasts from one normal level to the next, and is reported once for each tier that has to bear something in it, however
// many ask at once.
func TestAnEpisodeIsReportedOnce(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		reports := func() (told [4]int64) {
			var n [4]atomic.Int64
			var all sync.WaitGroup
			for i := range 200 {
				all.Go(func() {
					if d := l.Admit(i % 4); d.Report != nil {
						n[i%4].Add(1)
					}
				})
			}
			all.Wait()
			for i := range told {
				told[i] = n[i].Load()
			}
			return told
		}
		assert.Equal(l, [4]int64{}, reports(), "nothing has happened")
		l.pass(2, 85, 0)
		assert.Equal(l, [4]int64{1, 1, 1, 0}, reports(), "ENTERPRISE has to bear nothing yet")
		assert.Equal(l, [4]int64{}, reports())
		l.pass(2, 100, 0)
		assert.Equal(l, [4]int64{0, 0, 0, 1}, reports(), "it is the same episode")
		l.pass(3, 0, 0)
		require.Equal(l, Elevated, l.Now().Level)
		l.pass(2, 100, 0)
		assert.Equal(l, [4]int64{}, reports(), "it has not been over")
		l.pass(6, 0, 0)
		require.Equal(l, Normal, l.Now().Level)
		l.pass(2, 100, 0)
		assert.Equal(l, [4]int64{1, 1, 1, 1}, reports(), "another one")
	})
}

// A host that can't be looked at any more is not overloaded for ever.
func TestTheHostCantBeRead(t *testing.T) {
	inLab(t, Options{}, func(l *lab) {
		l.pass(2, 100, 0)
		require.Equal(l, Saturated, l.Now().Level)
		files{"proc/stat": "", "proc/meminfo": "", "proc/loadavg": ""}.write(l.T, l.root)
		for range 6 {
			time.Sleep(5 * time.Second)
			synctest.Wait()
		}
		now := l.Now()
		assert.Equal(l, Normal, now.Level)
		assert.ErrorContains(l, now.Err, "/proc/stat")
		assert.ErrorContains(l, now.Err, "meminfo")
		assert.ErrorContains(l, now.Err, "loadavg")

		atRest.write(l.T, l.root)
		l.pass(2, 100, 0)
		assert.NoError(l, l.Now().Err)
	})
}

func TestMonitorSeesTheQueue(t *testing.T) {
	inLab(t, Options{MaxWait: 20 * time.Second}, func(l *lab) {
		l.mu.Lock()
		l.queue.Waiting = 12 // 12 s for a newcomer
		l.mu.Unlock()
		l.pass(2, 0, 100)
		now := l.Now()
		assert.Equal(l, Elevated, now.Level)
		assert.Equal(l, CauseQueue, now.Cause)
		assert.InDelta(l, 60, now.Reading.Queue, 1e-9)
	})
}

func TestRanksBeyondTheTiers(t *testing.T) {
	m := standard(t)
	m.o.Tiers = []Terms{{Delay: time.Hour}, {Delay: time.Second, RefuseAt: 3}}
	m.observe(Reading{}, nil)
	for range 2 {
		m.observe(Reading{CPU: 90}, nil)
	}
	assert.True(t, m.Admit(-1).Refused, "who is of no tier is of the lowest")
	assert.True(t, m.Admit(0).Refused)
	assert.Equal(t, time.Second, m.Admit(1).Delay)
	assert.Equal(t, time.Second, m.Admit(7).Delay)
}

func TestOptions(t *testing.T) {
	_, err := New(Options{Interval: -1, MaxWait: -1, CPU: 100, Memory: -1, Queue: 1000, Tiers: []Terms{{Delay: -1}}})
	for _, part := range []string{"Ours", "Waiting", "Interval", "MaxWait", "CPU", "Memory", "Queue", "Tiers[0]"} {
		assert.ErrorContains(t, err, "monitor: "+part)
	}
	_, err = New(Options{Tiers: []Terms{}})
	assert.ErrorContains(t, err, "Tiers: there is none")
}

func BenchmarkAdmit(b *testing.B) {
	m, err := New(Options{Ours: func() time.Duration { return 0 }, Waiting: func() Queue { return Queue{} }})
	require.NoError(b, err)
	for range 2 {
		m.observe(Reading{CPU: 90}, nil)
	}
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			m.Admit(0)
		}
	})
}
