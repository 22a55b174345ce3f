package monitor

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// files are kernel files by path below the root.
type files map[string]string

// over are the files with some replaced; those that are empty then are not there.
func (f files) over(own files) files {
	f = maps.Clone(f)
	maps.Copy(f, own)
	return f
}

// write puts the files below a root.
func (f files) write(t *testing.T, root string) {
	t.Helper()
	for path, text := range f {
		path = filepath.Join(root, path)
		if text == "" {
			require.NoError(t, os.RemoveAll(path))
			continue
		}
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
}

// atRest are of a host with four cores that has been up for a day and has had little to do.
var atRest = files{
	"proc/stat": `cpu  100000 2000 30000 34000000 500 0 700 0 0 0
cpu0 25000 500 7500 8500000 125 0 175 0 0 0
cpu1 25000 500 7500 8500000 125 0 175 0 0 0
cpu2 25000 500 7500 8500000 125 0 175 0 0 0
cpu3 25000 500 7500 8500000 125 0 175 0 0 0
intr 7777777 0 9 0 0
ctxt 99999999
btime 1700000000
processes 123456
procs_running 2
procs_blocked 0
softirq 555555 0 1 2 3
`,
	"proc/meminfo": `MemTotal:       16000000 kB
MemFree:         9000000 kB
MemAvailable:   12000000 kB
Buffers:          100000 kB
Cached:          2900000 kB
SwapTotal:             0 kB
SwapFree:              0 kB
HugePages_Total:       0
`,
	"proc/loadavg":         "0.40 0.30 0.20 2/345 67890\n",
	"proc/pressure/cpu":    "some avg10=1.50 avg60=1.00 avg300=0.50 total=4143288466\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n",
	"proc/pressure/memory": "some avg10=0.70 avg60=0.00 avg300=0.00 total=303788506\nfull avg10=0.25 avg60=0.00 avg300=0.00 total=103600652\n",
	"proc/pressure/io":     "some avg10=4.00 avg60=0.00 avg300=0.00 total=23795924\nfull avg10=3.00 avg60=0.00 avg300=0.00 total=17632453\n",
}

// Five seconds later: 20 s of four cores' time have passed, in hundredths. Others and cells together have used 15 s of them.
const statLater = `cpu  101000 2100 30200 34000480 520 50 750 100 400 0
cpu0 25250 525 7550 8500120 130 12 188 25 100 0
cpu1 25250 525 7550 8500120 130 12 188 25 100 0
cpu2 25250 525 7550 8500120 130 13 187 25 100 0
cpu3 25250 525 7550 8500120 130 13 187 25 100 0
`

func TestReading(t *testing.T) {
	rest := Reading{CPUStall: 1.5, MemoryStall: 0.25, IOStall: 3, Memory: 25, RunQueue: 0.1}
	read := func(change func(*Reading)) Reading { r := rest; change(&r); return r }
	for _, c := range []struct {
		name   string
		later  files
		ours   time.Duration
		queue  Queue
		want   Reading
		errors []string
	}{
		{name: "nothing has happened", want: rest},
		{name: "user, nice, system, interrupts and stolen time are used; idle and waiting for disks are not; guests are in user",
			later: files{"proc/stat": statLater}, want: read(func(r *Reading) { r.CPU = 75 })},
		{name: "what our cells use is not others'", later: files{"proc/stat": statLater}, ours: 10 * time.Second,
			want: read(func(r *Reading) { r.CPU, r.Ours = 25, 50 })},
		{name: "cells may be counted more finely than the host", later: files{"proc/stat": statLater}, ours: 16 * time.Second,
			want: read(func(r *Reading) { r.CPU, r.Ours = 0, 80 })},
		{name: "cells can't have used less than before", later: files{"proc/stat": statLater}, ours: -10 * time.Second,
			want: read(func(r *Reading) { r.CPU = 75 })},
		{name: "memory that can be had is not used", later: files{"proc/meminfo": "MemTotal: 1000 kB\nMemFree: 10 kB\nMemAvailable: 100 kB\n"},
			want: read(func(r *Reading) { r.Memory = 90 })},
		{name: "more than all", later: files{"proc/meminfo": "MemTotal: 1000 kB\nMemAvailable: 2000 kB\n"},
			want: read(func(r *Reading) { r.Memory = 0 })},
		{name: "many wait for a moment", queue: Queue{Waiting: 50, Served: 1000}, want: read(func(r *Reading) { r.Queue = 2.5 })},
		{name: "few wait for long", queue: Queue{Waiting: 4, Served: 4}, want: read(func(r *Reading) { r.Queue = 50 })},
		{name: "nobody was served", queue: Queue{Waiting: 1}, want: read(func(r *Reading) { r.Queue = 50 })},
		{name: "nobody was served, and many wait", queue: Queue{Waiting: 9}, want: read(func(r *Reading) { r.Queue = 100 })},
		{name: "no pressure stall information: there are twice as many tasks as cores",
			later: files{"proc/pressure": "", "proc/pressure/cpu": "", "proc/pressure/memory": "", "proc/pressure/io": "", "proc/loadavg": "8.00 0 0 2/3 4\n"},
			want:  Reading{CPUStall: 100, Memory: 25, RunQueue: 2}},
		{name: "no pressure stall information, and no load",
			later: files{"proc/pressure": "", "proc/pressure/cpu": "", "proc/pressure/memory": "", "proc/pressure/io": ""},
			want:  Reading{Memory: 25, RunQueue: 0.1}},
		{name: "an old kernel's pressure of CPU has one line", later: files{"proc/pressure/cpu": "some avg10=7.00 avg60=1.00 avg300=0.50 total=1\n"},
			want: read(func(r *Reading) { r.CPUStall = 7 })},
		{name: "nothing can be read", later: files{"proc/stat": "", "proc/meminfo": "", "proc/loadavg": "", "proc/pressure/cpu": "nothing\n"},
			want:   Reading{MemoryStall: 0.25, IOStall: 3},
			errors: []string{"/proc/stat", "MemTotal", "loadavg", "/proc/pressure/cpu"}},
		{name: "nonsense", later: files{"proc/stat": "cpu a b c d e f g\n", "proc/meminfo": "MemTotal: many kB\n", "proc/loadavg": "NaN\n",
			"proc/pressure/io": "full avg10=-1\n"},
			want:   Reading{CPUStall: 1.5, MemoryStall: 0.25},
			errors: []string{"/proc/stat", "/proc/meminfo", "load average", "/proc/pressure/io"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				root := t.TempDir()
				atRest.write(t, root)
				var ours time.Duration
				var queue Queue
				h := newHost(&Options{Root: root, MaxWait: 10 * time.Second,
					Ours: func() time.Duration { return ours }, Waiting: func() Queue { return queue }})
				first, err := h.read(t.Context())
				require.NoError(t, err)
				assert.Equal(t, rest, first, "one look tells nothing of what takes two")

				time.Sleep(5 * time.Second)
				c.later.write(t, root)
				ours, queue = c.ours, c.queue
				got, err := h.read(t.Context())
				assert.Equal(t, c.want, got)
				if len(c.errors) == 0 {
					require.NoError(t, err)
				}
				for _, part := range c.errors {
					assert.ErrorContains(t, err, part)
				}
			})
		})
	}
}

// What can't be read in one look leaves nothing behind that the next one could take for a difference.
func TestReadingAfterAFailure(t *testing.T) {
	root := t.TempDir()
	atRest.over(files{"proc/stat": "nonsense\n"}).write(t, root)
	h := newHost(&Options{Root: root, MaxWait: time.Second,
		Ours: func() time.Duration { return 0 }, Waiting: func() Queue { return Queue{} }})
	_, err := h.read(t.Context())
	require.ErrorContains(t, err, "/proc/stat")
	files{"proc/stat": statLater}.write(t, root)
	got, err := h.read(t.Context())
	require.NoError(t, err)
	assert.Zero(t, got.CPU, "not what was used since the host's start")
}

// This machine's own files: two looks, with a core made busy between them, once by a cell of ours and once by somebody else.
func TestThisHost(t *testing.T) {
	mine := func() time.Duration {
		var u unix.Rusage
		require.NoError(t, unix.Getrusage(unix.RUSAGE_SELF, &u))
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	nothing := func() time.Duration { return 0 }
	idle := func() Queue { return Queue{} }
	ours := newHost(&Options{Root: "/", MaxWait: time.Second, Ours: mine, Waiting: idle})
	others := newHost(&Options{Root: "/", MaxWait: time.Second, Ours: nothing, Waiting: idle})
	var own, foreign Reading
	for range 2 {
		var err error
		own, err = ours.read(t.Context())
		require.NoError(t, err)
		foreign, err = others.read(t.Context())
		require.NoError(t, err)
		for began := mine(); mine()-began < 300*time.Millisecond; { // until this process has used that much
		}
	}
	t.Logf("as a cell: %+v", own)
	t.Logf("as others: %+v", foreign)
	assert.Positive(t, own.Memory)
	assert.Positive(t, own.Ours)
	assert.Zero(t, foreign.Ours)
	assert.Greater(t, foreign.CPU, own.CPU, "what cells use is not others'")
	assert.GreaterOrEqual(t, own.RunQueue, 0.0)
}
