package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"

	"golang.org/x/sys/unix"
)

// networkFiles tell what a network has been used for: its counters, which nobody can set back; IPv6 flow labels, which outlive
// their sockets by minutes; and how many sockets there are, those included that are on their way in others' messages. There
// are more counters, but none that counts while these stand still.
var networkFiles = []string{"/proc/net/dev", "/proc/net/snmp", "/proc/net/snmp6", "/proc/net/ip6_flowlabel", socketCounts}

// socketCounts counts the network's sockets in its first line. The others count those of the whole host.
const socketCounts = "/proc/net/sockstat"

// maxNetworkUse is several times what all of networkFiles hold together, in bytes.
const maxNetworkUse = 32 << 10

// network is the cell's network, and what was told of it before the first program.
type network struct {
	files  []*networkFile
	before []byte
	now    []byte // what unused reads into
}

// networkFile is one of networkFiles, open: to open it costs as much as to read it.
type networkFile struct {
	path string
	fd   int
	size int // bytes it had before the first program; 0 while nobody knows
}

func openNetwork() (*network, error) {
	n := &network{now: make([]byte, 0, maxNetworkUse)}
	for _, path := range networkFiles {
		fd, err := unix.Open(path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
		if errors.Is(err, unix.ENOENT) {
			continue // a kernel without IPv6
		}
		if err != nil {
			return nil, fmt.Errorf("open %s: %w", path, err)
		}
		n.files = append(n.files, &networkFile{path: path, fd: fd})
	}
	use, err := n.use(n.now)
	n.before = bytes.Clone(use)
	return n, err
}

// unused: no program has used the network. What it leaves there, a port in use for a minute or a number in a counter, can't
// be removed.
func (n *network) unused() error {
	now, err := n.use(n.now)
	if err == nil && !bytes.Equal(now, n.before) {
		err = errors.New("the network has been used")
	}
	return err
}

// use appends what the files say to buf, which does not grow.
func (n *network) use(buf []byte) ([]byte, error) {
	for _, f := range n.files {
		from := len(buf)
		var err error
		if buf, err = f.append(buf); err != nil {
			return nil, fmt.Errorf("read %s: %w", f.path, err)
		}
		if f.path == socketCounts {
			first, _, _ := bytes.Cut(buf[from:], []byte("\n"))
			buf = buf[:from+len(first)]
		}
	}
	return buf, nil
}

// append reads the file to its end, or until there is as much as there was before: what differs from that differs here too.
func (f *networkFile) append(buf []byte) ([]byte, error) {
	for from := len(buf); ; {
		n, err := unix.Pread(f.fd, buf[len(buf):cap(buf)], int64(len(buf)-from))
		switch {
		case err != nil:
			return nil, err
		case n > 0:
			if buf = buf[:len(buf)+n]; len(buf)-from == f.size {
				return buf, nil
			}
		case len(buf) == cap(buf):
			return nil, io.ErrShortBuffer
		default:
			f.size = len(buf) - from
			return buf, nil
		}
	}
}
