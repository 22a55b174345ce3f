package main

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every test here is a program that makes trouble, or a client that does. Each ends with the right verdict, keeps the output
// that came before, and leaves nothing behind.

func TestTroublesomePrograms(t *testing.T) {
	s := start(t, nil)
	for _, c := range []struct {
		name    string
		lang    string
		code    string
		limits  object
		verdict string
		status  int
		check   func(t *testing.T, a answer)
	}{
		{
			name: "one line of 1 GB without a newline",
			code: "import sys\nfor _ in range(1024): sys.stdout.write('x' * (1 << 20))", verdict: "output_limit",
			check: func(t *testing.T, a answer) {
				assert.Len(t, a.text("stdout"), 1<<20)
				assert.Equal(t, strings.Repeat("x", 1<<20), a.text("stdout"))
				assert.Equal(t, true, a.Body["stdout_truncated"])
				assert.Equal(t, false, a.Body["stderr_truncated"])
			},
		},
		{
			name: "100 000 small writes, to both outputs in turn",
			code: "import os\nfor i in range(50000):\n  os.write(1, b'o')\n  os.write(2, b'e')", verdict: "ok",
			check: func(t *testing.T, a answer) {
				assert.Equal(t, strings.Repeat("o", 50000), a.text("stdout"))
				assert.Equal(t, strings.Repeat("e", 50000), a.text("stderr"))
			},
		},
		{
			name:    "output after the main process ended",
			code:    "import os, time\nprint('main', flush=True)\nif os.fork() == 0:\n  os.setsid()\n  while True:\n    print('late', flush=True); time.sleep(0.2)\nos._exit(0)",
			verdict: "ok",
			check: func(t *testing.T, a answer) {
				assert.True(t, strings.HasPrefix(a.text("stdout"), "main\n"), a.text("stdout"))
			},
		},
		{
			name: "a closed stdout", code: "import os, sys\nos.close(1)\nos.write(2, b'still here')\nos._exit(0)", verdict: "ok",
			check: func(t *testing.T, a answer) { assert.Equal(t, "still here", a.text("stderr")) },
		},
		{
			name:   "a program that ignores SIGTERM",
			code:   "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint('ignoring', flush=True)\ntime.sleep(1000)",
			limits: object{"timeout_ms": 500}, verdict: "time_limit", status: http.StatusRequestTimeout,
			check: func(t *testing.T, a answer) {
				assert.Equal(t, "ignoring\n", a.text("stdout"))
				assert.Equal(t, "SIGKILL", a.text("signal"))
				assert.InDelta(t, 1500, a.Body["wall_time_ms"], 700, "the limit and the grace")
			},
		},
		{
			name:   "a program that tidies up at SIGTERM",
			code:   "import signal, sys, time\ndef tidy(*_):\n  print('tidied'); sys.exit(0)\nsignal.signal(signal.SIGTERM, tidy)\ntime.sleep(1000)",
			limits: object{"timeout_ms": 500}, verdict: "time_limit", status: http.StatusRequestTimeout,
			check: func(t *testing.T, a answer) { assert.Equal(t, "tidied\n", a.text("stdout")) },
		},
		{
			name:    "a daemon: double fork and setsid",
			code:    "import os, time\nif os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    time.sleep(1000)\n  os._exit(0)\nos.wait()\nprint('gone')",
			verdict: "ok",
			check:   func(t *testing.T, a answer) { assert.Equal(t, "gone\n", a.text("stdout")) },
		},
		{
			name: "a zombie storm of orphans", lang: "bash",
			code: "for i in $(seq 500); do (sleep 0 & exec true) & wait $!; done; echo survived", verdict: "ok",
			check: func(t *testing.T, a answer) { assert.Equal(t, "survived\n", a.text("stdout")) },
		},
		{
			name:   "a full /tmp and a full /box",
			code:   "for d in '/tmp', '/box':\n  try:\n    f = open(d + '/full', 'wb', buffering=0)\n    while True: f.write(b'x' * (1 << 20))\n  except OSError as e: print(d, e.errno)",
			limits: object{"memory_mb": 512}, verdict: "ok",
			check: func(t *testing.T, a answer) { // 27 is EFBIG: a file may be as large as the mount, and no larger
				assert.Regexp(t, `^/tmp (27|28)\n/box (27|28)\n$`, a.text("stdout"))
			},
		},
		{
			name: "all inodes", code: "import os\nprint('began', flush=True)\ni = 0\nwhile True:\n  os.close(os.open(f'/tmp/{i}', os.O_CREAT)); i += 1",
			verdict: "memory_limit",
			check:   func(t *testing.T, a answer) { assert.Equal(t, "began\n", a.text("stdout")) },
		},
		{
			name: "memory past the limit", code: "print('began', flush=True)\nx = [bytearray(1 << 20) for _ in range(1 << 20)]", verdict: "memory_limit",
			check: func(t *testing.T, a answer) {
				assert.Equal(t, "began\n", a.text("stdout"))
				assert.InDelta(t, 256<<20, a.Body["peak_memory_bytes"], 8<<20)
			},
		},
		{
			name: "memory in /dev/shm", code: "for i in range(64):\n  for d in '/dev/shm', '/tmp', '/box':\n    open(f'{d}/{i}', 'wb').write(b'x' * (1 << 20))",
			limits: object{"memory_mb": 64}, verdict: "memory_limit",
		},
		{
			name: "a fork bomb", code: "import os\nprint('began', flush=True)\nwhile True:\n  try: os.fork()\n  except OSError: pass", verdict: "process_limit",
			check: func(t *testing.T, a answer) { assert.True(t, strings.HasPrefix(a.text("stdout"), "began\n")) },
		},
		{
			name: "a fork bomb in a shell", lang: "bash", code: "bomb() { bomb | bomb & }; bomb; sleep 1000", verdict: "process_limit",
		},
		{
			name: "a thread too many", code: "import threading, time\nfor _ in range(1000): threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()", verdict: "process_limit",
		},
		{
			name: "sleep past the wall limit", code: "import time\nprint('asleep', flush=True)\ntime.sleep(1000)", limits: object{"timeout_ms": 300},
			verdict: "time_limit", status: http.StatusRequestTimeout,
			check: func(t *testing.T, a answer) {
				assert.Equal(t, "asleep\n", a.text("stdout"))
				assert.Equal(t, "SIGTERM", a.text("signal"))
			},
		},
		{
			name: "burn CPU in threads", code: "import os\nfor _ in range(8):\n  if os.fork() == 0:\n    while True: pass\nprint('burning', flush=True)\nos.wait()",
			limits: object{"cpu_time_ms": 500}, verdict: "cpu_limit",
			check: func(t *testing.T, a answer) {
				assert.Equal(t, "burning\n", a.text("stdout"))
				assert.InDelta(t, 500, a.Body["cpu_time_ms"], 200)
			},
		},
		{
			name: "binary output and invalid UTF-8", code: "import sys\nsys.stdout.buffer.write(bytes(range(256)) * 4)\nsys.stderr.buffer.write(b'caf\\xe9')", verdict: "ok",
			check: func(t *testing.T, a answer) {
				all := make([]byte, 1024)
				for i := range all {
					all[i] = byte(i)
				}
				assert.Equal(t, "base64", a.text("stdout_encoding"))
				assert.Equal(t, base64.StdEncoding.EncodeToString(all), a.text("stdout"))
				assert.Equal(t, base64.StdEncoding.EncodeToString([]byte("caf\xe9")), a.text("stderr"))
			},
		},
		{
			name: "kill everything in sight", code: "import os, signal\nprint('shoot', flush=True)\ntry: os.kill(1, 9)\nexcept OSError as e: print(e.errno, flush=True)\ntry: os.kill(-1, 9)\nexcept OSError: pass\nos.kill(os.getpid(), 9)",
			verdict: "signalled",
			check: func(t *testing.T, a answer) {
				assert.Equal(t, "shoot\n1\n", a.text("stdout"), "EPERM for PID 1")
				assert.Equal(t, "SIGKILL", a.text("signal"))
			},
		},
		{
			name: "no such interpreter", lang: "bash", code: "exec /no/such/thing", verdict: "nonzero_exit",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			lang := c.lang
			if lang == "" {
				lang = "python"
			}
			s.nothingLeft(t, func() {
				a := s.program(t, lang, c.code, object{"limits": c.limits})
				wantVerdict(t, a, c.verdict)
				if c.status == 0 {
					c.status = http.StatusOK
				}
				assert.Equal(t, c.status, a.Status)
				assert.Equal(t, c.verdict == "ok", a.Body["success"])
				if c.check != nil {
					c.check(t, a)
				}
			})
		})
	}
}

func TestClientHangsUp(t *testing.T) {
	s := start(t, nil)
	s.nothingLeft(t, func() {
		ctx, cancel := context.WithCancel(context.Background())
		stream := s.follow(t, ctx, "/runner/run", object{"language": "python", "code": "import time\nprint('up', flush=True)\ntime.sleep(1000)"})
		plain, hangUp := context.WithCancel(context.Background())
		done := make(chan error, 1)
		go func() {
			_, err := s.try(plain, http.MethodPost, "/runner/run", object{"language": "python", "code": "import time\ntime.sleep(1000)"})
			done <- err
		}()
		require.Equal(t, "up\n", stream.until(t, "stdout").text("data"))
		hangUp()
		require.ErrorIs(t, <-done, context.Canceled)
		id := stream.id
		cancel()
		// The streamed run goes on for a grace; it is there to be ended by hand.
		a := s.send(t, http.MethodDelete, "/runner/runs/"+id, nil)
		require.Equal(t, http.StatusAccepted, a.Status, "%s", a.Raw)
	})
}

func TestStreamedRunEndsWhenNobodyComesBack(t *testing.T) {
	s := start(t, func(c *Config) { c.Results.Return = 300 * time.Millisecond })
	s.nothingLeft(t, func() {
		ctx, cancel := context.WithCancel(context.Background())
		stream := s.follow(t, ctx, "/runner/run", object{"language": "bash", "code": "echo up; sleep 1000"})
		stream.until(t, "stdout")
		cancel()
		require.Eventually(t, func() bool {
			a := s.send(t, http.MethodGet, "/runner/runs/"+stream.id, nil)
			return a.text("state") == "ended"
		}, settled, tick)
	})
}
