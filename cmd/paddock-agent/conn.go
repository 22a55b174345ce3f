package main

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"paddock/sandbox/wire"
)

// conn is the socket to the server. It blocks in plain system calls: a poller would cost a thread and a wake-up a frame.
type conn struct {
	fd  int
	buf [wire.MaxFrame]byte
	oob [128]byte // room for wire.MaxDescriptors descriptors
}

// errClosed says that the server is gone; the agent leaves.
var errClosed = errors.New("the server closed the connection")

func dial(path string) (*conn, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("make a socket: %w", err)
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: path}); err != nil {
		return nil, fmt.Errorf("dial %s: %w", path, err)
	}
	return &conn{fd: fd}, nil
}

// receive waits for the next frame. Its body and descriptors are the caller's until the next call.
func (c *conn) receive() (kind wire.Kind, body []byte, spilled bool, fds []int, err error) {
	n, oobn, err := c.recvmsg()
	if err != nil {
		return 0, nil, false, nil, err
	}
	if fds, err = descriptors(c.oob[:oobn]); err != nil {
		return 0, nil, false, nil, err
	}
	kind, body, spilled, err = wire.ParseFrame(c.buf[:n])
	return kind, body, spilled, fds, err
}

func (c *conn) recvmsg() (n, oobn int, err error) {
	for {
		n, oobn, flags, _, err := unix.Recvmsg(c.fd, c.buf[:], c.oob[:], unix.MSG_CMSG_CLOEXEC)
		switch {
		case errors.Is(err, unix.EINTR):
			continue
		case err != nil:
			return 0, 0, fmt.Errorf("receive: %w", err)
		case n == 0:
			return 0, 0, errClosed
		case flags&(unix.MSG_TRUNC|unix.MSG_CTRUNC) != 0:
			return 0, 0, fmt.Errorf("%w: a frame was cut off", wire.ErrMalformed)
		}
		return n, oobn, nil
	}
}

func descriptors(oob []byte) ([]int, error) {
	var fds []int
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, fmt.Errorf("control messages: %w", err)
	}
	for i := range messages {
		rights, err := unix.ParseUnixRights(&messages[i])
		if err != nil {
			return nil, fmt.Errorf("descriptors: %w", err)
		}
		fds = append(fds, rights...)
	}
	return fds, nil
}

func (c *conn) send(kind wire.Kind, body []byte) error {
	frame, _ := wire.Frame(kind, body) // what the agent says is always small
	for {
		err := unix.Sendto(c.fd, frame, unix.MSG_NOSIGNAL, nil)
		if !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}

func closeAll(fds []int) {
	for _, fd := range fds {
		_ = unix.Close(fd)
	}
}
