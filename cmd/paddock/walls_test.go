package main

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

// What a program may and may not reach, tried from inside. Each prints what it found.
func TestWallsFromInside(t *testing.T) {
	s := live(t)
	for _, c := range []struct{ name, lang, code, out string }{
		{
			"outputs can be opened by name", "bash",
			"echo one > /dev/stdout; echo two > /dev/stderr; echo three > /proc/self/fd/1; cat /dev/stdin", "one\nthree\nin\n",
		},
		{
			"they can't be read", "python",
			"import os\nfor fd in 1, 2:\n  try: os.open(f'/proc/self/fd/{fd}', os.O_RDONLY)\n  except OSError as e: print(e.errno)", "13\n13\n",
		},
		{
			"the agent's file, one for all cells, can't be opened", "python",
			"import os\ntry: os.open('/run/paddock-agent', os.O_RDONLY)\nexcept OSError as e: print(e.errno)", "13\n",
		},
		{
			"the agent is killed last, its memory is its own", "python",
			"print(open('/proc/1/oom_score_adj').read(), open('/proc/self/oom_score_adj').read(), sep='', end='')\n" +
				"try: open('/proc/1/mem')\nexcept OSError as e: print(e.errno)", "0\n1000\n13\n",
		},
		{
			"no inotify, no pseudo-terminal", "python",
			"import ctypes, os\nprint(ctypes.CDLL(None, use_errno=True).inotify_init1(0))\ntry: os.openpty()\nexcept OSError: print('no pty')", "-1\nno pty\n",
		},
		{
			"sync costs the host nothing", "python",
			"import os\nos.sync()\nprint('done')", "done\n",
		},
		{
			"signals and message queues are counted for the cell", "python",
			"import resource\nprint(resource.getrlimit(resource.RLIMIT_SIGPENDING), resource.getrlimit(resource.RLIMIT_MSGQUEUE)," +
				" resource.getrlimit(resource.RLIMIT_CORE))", "(512, 512) (65536, 65536) (0, 0)\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.program(t, c.lang, c.code, object{"stdin": "in\n"})
			wantVerdict(t, a, "ok")
			assert.Equal(t, c.out, a.text("stdout"), a.text("stderr"))
		})
	}
}

// A program that sends its outputs to nobody over a socket keeps them open beyond its end. Its answer is its own all the same.
func TestPipesSentToNobody(t *testing.T) {
	s := live(t)
	a := s.python(t, "import array, os, socket\na, b = socket.socketpair()\nprint('sent', flush=True)\n"+
		"a.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [1, a.fileno(), b.fileno()]))])\nos._exit(0)", nil)
	wantVerdict(t, a, "ok")
	assert.Equal(t, "sent\n", a.text("stdout"))
}

// What a compiler leaves in the box counts as memory of the program: when it is more than the program may have, that is said.
func TestCompilerLeavesMoreThanTheProgramMayHave(t *testing.T) {
	s := live(t)
	a := s.program(t, "c", "char big[50 << 20] = {1};\nint main(void) { return big[1]; }", object{"limits": object{"memory_mb": 32}})
	wantVerdict(t, a, "memory_limit")
	assert.Equal(t, http.StatusOK, a.Status)
}
