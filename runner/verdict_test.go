package runner

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"paddock/sandbox"
)

func TestJudge(t *testing.T) {
	for name, c := range map[string]struct {
		facts sandbox.Facts
		want  Verdict
	}{
		"well":                              {sandbox.Facts{}, OK},
		"status":                            {sandbox.Facts{Status: 1}, NonzeroExit},
		"signal":                            {sandbox.Facts{Signal: 11}, Signalled},
		"not started":                       {sandbox.Facts{Failure: "no such file"}, NonzeroExit},
		"wall":                              {sandbox.Facts{Stop: sandbox.StopWall, Signal: 15}, TimeLimit},
		"wall, and it ended well":           {sandbox.Facts{Stop: sandbox.StopWall}, TimeLimit},
		"cpu":                               {sandbox.Facts{Stop: sandbox.StopCPU}, CPULimit},
		"memory":                            {sandbox.Facts{Stop: sandbox.StopMemory, OOMKills: 1}, MemoryLimit},
		"output":                            {sandbox.Facts{Stop: sandbox.StopOutput, Signal: 9}, OutputLimit},
		"processes":                         {sandbox.Facts{Stop: sandbox.StopProcesses}, ProcessLimit},
		"cancelled":                         {sandbox.Facts{Stop: sandbox.StopCancelled}, Cancelled},
		"cancelled, and out of memory":      {sandbox.Facts{Stop: sandbox.StopCancelled, OOMKills: 1}, Cancelled},
		"out of memory before it was seen":  {sandbox.Facts{OOMKills: 1, Signal: 9}, MemoryLimit},
		"out of memory and ended well":      {sandbox.Facts{OOMKills: 1}, MemoryLimit},
		"out of memory at the time limit":   {sandbox.Facts{OOMKills: 1, Stop: sandbox.StopWall}, MemoryLimit},
		"a fork too many, and lived":        {sandbox.Facts{ForksDenied: 1}, OK},
		"a fork too many, and failed":       {sandbox.Facts{ForksDenied: 1, Status: 1}, ProcessLimit},
		"a fork too many, and crashed":      {sandbox.Facts{ForksDenied: 1, Signal: 6}, ProcessLimit},
		"not started for want of processes": {sandbox.Facts{ForksDenied: 1, Failure: "again"}, ProcessLimit},
		"a quick bomb":                      {sandbox.Facts{ForksDenied: sandbox.ForkBomb}, ProcessLimit},
		"a bomb at the time limit":          {sandbox.Facts{ForksDenied: 5, Stop: sandbox.StopWall}, TimeLimit},
	} {
		assert.Equal(t, c.want, judge(c.facts), name)
	}
}

// Every reason the host stops a program for has a verdict, and every verdict a sentence.
func TestVerdictsAreComplete(t *testing.T) {
	stops := []sandbox.Stop{
		sandbox.StopWall, sandbox.StopCPU, sandbox.StopMemory, sandbox.StopProcesses, sandbox.StopOutput, sandbox.StopCancelled,
	}
	for _, s := range stops {
		assert.NotEmpty(t, judge(sandbox.Facts{Stop: s}), s)
	}
	assert.Len(t, stopVerdicts, len(stops))
	said := map[string]bool{}
	for _, v := range []Verdict{OK, NonzeroExit, Signalled, TimeLimit, CPULimit, MemoryLimit, OutputLimit, ProcessLimit, CompileError, Cancelled} {
		s := sentence(v, 3, "SIGSEGV", usual)
		assert.Regexp(t, `^[A-Z].*\.$`, s, v)
		assert.False(t, said[s], "%s has another verdict's sentence", v)
		said[s] = true
	}
	assert.Equal(t, "odd", sentence("odd", 0, "", usual))
}

func TestSentencesNameTheLimit(t *testing.T) {
	for v, want := range map[Verdict]string{
		NonzeroExit: "exit status 3", Signalled: "SIGSEGV", TimeLimit: "30s", CPULimit: "20s", MemoryLimit: "256 MiB",
		OutputLimit: "1048576 bytes", ProcessLimit: "64 processes",
	} {
		assert.Contains(t, sentence(v, 3, "SIGSEGV", usual), want)
	}
}

func TestExitStatus(t *testing.T) {
	assert.Equal(t, 3, exitStatus(sandbox.Facts{Status: 3}))
	assert.Equal(t, 137, exitStatus(sandbox.Facts{Signal: 9}))
	assert.Equal(t, 127, exitStatus(sandbox.Facts{Failure: "no such file"}))
}

func TestSignalName(t *testing.T) {
	for n, want := range map[int]string{0: "", 9: "SIGKILL", 11: "SIGSEGV", 15: "SIGTERM", 34: "SIG34", 1 << 30: "SIG1073741824"} {
		assert.Equal(t, want, signalName(n))
	}
}

func TestTake(t *testing.T) {
	out := &transcript{limit: 4}
	_, _ = stream{out, EventStdout}.Write([]byte("12345"))
	_, _ = stream{out, EventStderr}.Write([]byte("e"))
	var r Result
	r.take(sandbox.Facts{Status: 2, Wall: 5, CPU: 4, PeakMemory: 3}, out, usual)
	assert.Equal(t, Result{
		Verdict: NonzeroExit, Message: "The program ended with exit status 2.", ExitStatus: 2,
		Stdout: []byte("1234"), Stderr: []byte("e"), StdoutTruncated: true, Wall: 5, CPU: 4, PeakMemory: 3,
	}, r)
	r.take(sandbox.Facts{Failure: "start x: no such file"}, out, usual)
	assert.Equal(t, "The program could not be started: start x: no such file.", r.Message)
}

func TestCompileResult(t *testing.T) {
	out := &transcript{limit: 100}
	_, _ = stream{out, EventStderr}.Write([]byte("main.c:1: error\n"))
	c := compileResult(sandbox.Facts{Status: 1}, out)
	assert.Equal(t, NonzeroExit, c.Verdict)
	assert.Equal(t, "main.c:1: error\n", string(c.Stderr))
	c = compileResult(sandbox.Facts{Failure: "start gcc: no such file"}, out)
	assert.Equal(t, "main.c:1: error\nstart gcc: no such file\n", string(c.Stderr))

	for verdict, want := range map[Verdict]Verdict{
		NonzeroExit: CompileError, TimeLimit: CompileError, MemoryLimit: CompileError, Signalled: CompileError, Cancelled: Cancelled,
	} {
		r := compileFailed(&Result{Compile: &Compile{Verdict: verdict, ExitStatus: 7, Signal: "SIGX"}}, Limits{})
		assert.Equal(t, want, r.Verdict)
		assert.Equal(t, []any{7, "SIGX"}, []any{r.ExitStatus, r.Signal})
		assert.NotEmpty(t, r.Message)
	}
}
