// Paddock-agent is PID 1 of a cell. It dials the server once, then runs the programs it is told to, one at a time, as an
// unprivileged user with the descriptors it is handed, and reports how each ended after no process of it is left.
//
// It keeps to two threads of its own, both there before the first program starts, so that a program that uses up the
// cell's process limit cannot keep it from working: one blocks in recvmsg, and when it has started a program it stays with that,
// in wait4, while the other takes the next frames.
// It leaves when its socket closes; as it is PID 1, the kernel then ends everything else in the cell.
package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"

	"golang.org/x/sys/unix"

	"paddock/sandbox/wire"
)

func main() {
	// Garbage would be collected by threads that may not be there; what a run allocates is small (a frame's strings).
	debug.SetGCPercent(-1)
	// One thread at a time has something to do. With more, each wake-up of one wakes others to look for work.
	runtime.GOMAXPROCS(1)
	if err := run(); err != nil {
		_, _ = os.Stderr.WriteString("paddock-agent: " + err.Error() + "\n")
		os.Exit(1)
	}
}

func run() error {
	beDumpable()
	if err := giveUpCapabilities(); err != nil {
		return err
	}
	b := box{dir: wire.BoxDir, uid: wire.JobUID}
	if err := b.prepare(); err != nil {
		return err
	}
	c, err := dial(wire.SocketPath)
	if err != nil {
		return err
	}
	return work(c, b, wire.Writable)
}

// firstOther is the first descriptor after stdin, stdout and stderr.
const firstOther = 3

// work says hello and does what the server wants, until that hangs up. Programs can write to the directories writable.
func work(c *conn, b box, writable []string) error {
	// Whatever a container runtime has left open (CVE-2024-21626 was that) is no program's business.
	_ = unix.CloseRange(firstOther, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC) // a kernel before 5.11 can't
	before, err := places(writable)
	if err != nil {
		return err
	}
	network, err := openNetwork()
	if err != nil {
		return err
	}
	a := &agent{
		conn: c, box: b, places: before, network: network, oom: openOOMScore(), lead: make(chan struct{}, 1), done: make(chan error),
	}
	a.startThreads()
	if err := c.send(wire.KindHello, nil); err != nil {
		return err
	}
	a.lead <- struct{}{}
	return <-a.done
}
