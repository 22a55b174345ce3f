// Package wire is what the server and the agent inside a cell say to each other.
//
// They talk over one SOCK_SEQPACKET socket, so a message is a frame and frames stay in order:
//
//	agent -> host  Hello   once, when the cell is ready
//	host  -> agent Exec    run one program; three descriptors travel with it: its stdin, stdout and stderr
//	host  -> agent Signal  send a signal to every process of the run with that number; late ones are ignored
//	agent -> host  Exit    the program ended and no process of it is left
//	host  -> agent Reset   remove whatever the runs so far have left, and prove it
//	agent -> host  Clean   the answer to a Reset: proven, or what was found
//
// A frame is a header of three bytes (version, kind, flags) and a body. A body larger than MaxBody travels as a sealed
// memfd, the last descriptor of the frame. The host believes nothing in an Exit but as a claim about that cell's own program.
package wire

import (
	"errors"
	"fmt"
)

// Version of the protocol. Host and agent come from one build; a mismatch means a stale agent binary.
const Version = 2

// MaxBody is the largest body, in bytes, that travels inside a frame. It keeps a frame well below the default socket
// send buffer (net.core.wmem_default, 208 KiB), which bounds a SOCK_SEQPACKET message.
const MaxBody = 64 << 10

// MaxFrame is the size, in bytes, of a buffer that holds any frame.
const MaxFrame = headerSize + MaxBody

// MaxDescriptors is the largest number of descriptors a frame carries: stdin, stdout, stderr and a spilled body.
const MaxDescriptors = 4

const (
	headerSize  = 3
	flagSpilled = 1
)

// Where things are inside a cell, and who runs there.
const (
	AgentPath  = "/run/paddock-agent"      // the agent's binary, mounted read-only
	SocketPath = "/run/paddock/agent.sock" // the agent dials it once; the host unlinks it after that
	BoxDir     = "/box"                    // working directory and home of every program
	JobUID     = 1000                      // the unprivileged user and group every program runs as
)

// Writable are the directories of a cell that a program can write to: three sized tmpfs mounts, and the message queues.
var Writable = []string{BoxDir, "/tmp", "/dev/shm", "/dev/mqueue"}

// Kind tells messages apart.
type Kind byte

// The kinds of message; see the package comment for who sends which.
const (
	KindHello Kind = iota + 1
	KindExec
	KindSignal
	KindExit
	KindReset
	KindClean
)

// ErrMalformed is wrapped by every error about bytes that are no message.
var ErrMalformed = errors.New("malformed message")

// File is one file the agent writes below BoxDir before a program starts. Path is relative and clean.
type File struct {
	Path string
	Data []byte
}

// Exec asks for one program. Seq numbers the runs of a cell from 1.
type Exec struct {
	Seq   uint64
	Argv  []string
	Env   []string // the whole environment, NAME=value
	Files []File
}

// Signal asks for a signal to every process of run Seq.
type Signal struct {
	Seq    uint64
	Signal int
}

// Exit reports the end of run Seq. Failure is set when the program could not be started, and says why.
type Exit struct {
	Seq     uint64
	Status  int
	Signal  int   // not 0 when a signal ended it
	MaxRSS  int64 // bytes: the most that one process of the run was seen to hold
	Failure string
}

// Reset asks for a cell as it was before its first run. Seq is the number of the last run.
type Reset struct {
	Seq uint64
}

// Clean answers Reset Seq. Found is empty when nothing is left, else it says what is, or what could not be looked at.
type Clean struct {
	Seq   uint64
	Found string
}

// Append methods write a message's body, Parse functions read one; both are the only place its layout is known.

// Append appends the body of m to b.
func (m *Exec) Append(b []byte) []byte {
	b = appendUint(b, m.Seq)
	b = appendStrings(b, m.Argv)
	b = appendStrings(b, m.Env)
	b = appendUint(b, uint64(len(m.Files)))
	for _, f := range m.Files {
		b = appendString(b, f.Path)
		b = appendString(b, f.Data)
	}
	return b
}

// ParseExec reads an Exec. The contents of its files alias body.
func ParseExec(body []byte) (Exec, error) {
	d := decoder{rest: body}
	m := Exec{Seq: d.uint(), Argv: d.strings(), Env: d.strings()}
	if n := d.count(2); n > 0 {
		m.Files = make([]File, 0, n)
		for len(m.Files) < n && d.why == "" {
			m.Files = append(m.Files, File{Path: string(d.bytes()), Data: d.bytes()})
		}
	}
	if len(m.Argv) == 0 {
		d.fail("no argv")
	}
	return m, d.end("exec")
}

// Append appends the body of m to b.
func (m Signal) Append(b []byte) []byte {
	return appendUint(appendUint(b, m.Seq), uint64(m.Signal)) //nolint:gosec // a signal number is small and positive
}

// ParseSignal reads a Signal.
func ParseSignal(body []byte) (Signal, error) {
	d := decoder{rest: body}
	m := Signal{Seq: d.uint(), Signal: d.small()}
	return m, d.end("signal")
}

// Append appends the body of m to b.
func (m Exit) Append(b []byte) []byte {
	b = appendUint(b, m.Seq)
	b = appendUint(b, uint64(m.Status)) //nolint:gosec // an exit status is 0 to 255
	b = appendUint(b, uint64(m.Signal)) //nolint:gosec // a signal number is small and positive
	b = appendUint(b, uint64(m.MaxRSS)) //nolint:gosec // a size is positive
	return appendString(b, m.Failure)
}

// ParseExit reads an Exit.
func ParseExit(body []byte) (Exit, error) {
	d := decoder{rest: body}
	m := Exit{Seq: d.uint(), Status: d.small(), Signal: d.small(), MaxRSS: d.size(), Failure: string(d.bytes())}
	return m, d.end("exit")
}

// Append appends the body of m to b.
func (m Reset) Append(b []byte) []byte { return appendUint(b, m.Seq) }

// ParseReset reads a Reset.
func ParseReset(body []byte) (Reset, error) {
	d := decoder{rest: body}
	m := Reset{Seq: d.uint()}
	return m, d.end("reset")
}

// Append appends the body of m to b.
func (m Clean) Append(b []byte) []byte { return appendString(appendUint(b, m.Seq), m.Found) }

// ParseClean reads a Clean.
func ParseClean(body []byte) (Clean, error) {
	d := decoder{rest: body}
	m := Clean{Seq: d.uint(), Found: string(d.bytes())}
	return m, d.end("clean")
}

// Frame puts a header before body. When body is too large it returns the frame without it and spilled set: the caller
// sends the body as a Memfd, the last descriptor of the frame.
func Frame(kind Kind, body []byte) (frame []byte, spilled bool) {
	if len(body) > MaxBody {
		return []byte{Version, byte(kind), flagSpilled}, true
	}
	return append([]byte{Version, byte(kind), 0}, body...), false
}

// ParseFrame splits a frame into kind and body; spilled means that the body is in the frame's last descriptor.
func ParseFrame(frame []byte) (kind Kind, body []byte, spilled bool, err error) {
	if len(frame) < headerSize {
		return 0, nil, false, fmt.Errorf("%w: %d bytes are no frame", ErrMalformed, len(frame))
	}
	if frame[0] != Version {
		return 0, nil, false, fmt.Errorf("%w: protocol version %d, want %d (an agent of another build?)", ErrMalformed, frame[0], Version)
	}
	kind, body, flags := Kind(frame[1]), frame[headerSize:], frame[2]
	if flags&^flagSpilled != 0 {
		return 0, nil, false, fmt.Errorf("%w: unknown flags %#x", ErrMalformed, flags)
	}
	spilled = flags&flagSpilled != 0
	if spilled && len(body) > 0 {
		return 0, nil, false, fmt.Errorf("%w: a body both in the frame and beside it", ErrMalformed)
	}
	return kind, body, spilled, nil
}
