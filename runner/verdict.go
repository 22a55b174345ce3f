package runner

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"

	"paddock/sandbox"
)

// Verdict is what became of a program. A program that fails is data; only we fail with errors.
type Verdict string

// The verdicts.
const (
	OK           Verdict = "ok"
	NonzeroExit  Verdict = "nonzero_exit"
	Signalled    Verdict = "signalled"
	TimeLimit    Verdict = "time_limit"
	CPULimit     Verdict = "cpu_limit"
	MemoryLimit  Verdict = "memory_limit"
	OutputLimit  Verdict = "output_limit"
	ProcessLimit Verdict = "process_limit"
	CompileError Verdict = "compile_error"
	Cancelled    Verdict = "cancelled"
)

var stopVerdicts = map[sandbox.Stop]Verdict{
	sandbox.StopWall:      TimeLimit,
	sandbox.StopCPU:       CPULimit,
	sandbox.StopMemory:    MemoryLimit,
	sandbox.StopOutput:    OutputLimit,
	sandbox.StopProcesses: ProcessLimit,
	sandbox.StopCancelled: Cancelled,
}

// judge turns facts into a verdict. Why the host stopped a program weighs most, then what the host measured, and last what
// the agent says of its end.
func judge(f sandbox.Facts) Verdict {
	clean := f.Failure == "" && f.Signal == 0 && f.Status == 0
	switch {
	case f.Stop == sandbox.StopCancelled:
		return Cancelled
	case f.OOMKills > 0:
		return MemoryLimit
	case f.Stop != "":
		return stopVerdicts[f.Stop]
	case f.ForksDenied >= sandbox.ForkBomb, f.ForksDenied > 0 && !clean:
		return ProcessLimit
	case f.Signal != 0:
		return Signalled
	case !clean:
		return NonzeroExit
	}
	return OK
}

// exitNotStarted is the exit status of a program that could not be started, as a shell gives it.
const exitNotStarted = 127

// exitStatus is a program's exit status the way a shell gives it: 128 and the number of the signal that ended it.
func exitStatus(f sandbox.Facts) int {
	switch {
	case f.Failure != "":
		return exitNotStarted
	case f.Signal != 0:
		return 128 + f.Signal
	}
	return f.Status
}

// signalName is "SIGKILL" and the like, or empty.
func signalName(n int) string {
	if n == 0 {
		return ""
	}
	if name := unix.SignalName(syscall.Signal(n)); name != "" {
		return name
	}
	return fmt.Sprintf("SIG%d", n)
}

// sentence says a verdict to the person whose program it was.
func sentence(v Verdict, status int, signal string, l Limits) string {
	switch v {
	case OK:
		return "The program ended with exit status 0."
	case NonzeroExit:
		return fmt.Sprintf("The program ended with exit status %d.", status)
	case Signalled:
		return fmt.Sprintf("The program was ended by %s.", signal)
	case TimeLimit:
		return fmt.Sprintf("The program ran longer than its time limit of %v and was stopped.", l.Timeout)
	case CPULimit:
		return fmt.Sprintf("The program used more than its CPU time limit of %v and was stopped.", l.CPUTime)
	case MemoryLimit:
		return fmt.Sprintf("The program used more than its memory limit of %d MiB and was stopped; "+
			"files in /box, /tmp and /dev/shm count.", l.Memory>>20)
	case OutputLimit:
		return fmt.Sprintf("The program wrote more than its output limit of %d bytes to stdout or stderr and was stopped.", l.Output)
	case ProcessLimit:
		return fmt.Sprintf("The program started more than its limit of %d processes and threads.", l.Processes)
	case CompileError:
		return "The program did not compile; see compile for what the compiler says."
	case Cancelled:
		return "The run was cancelled."
	}
	return string(v)
}
