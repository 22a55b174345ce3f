package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"paddock/sandbox/wire"
)

func openDescriptors(t *testing.T) []string {
	t.Helper()
	entries, err := os.ReadDir("/proc/self/fd")
	require.NoError(t, err)
	var list []string
	for _, e := range entries {
		if at, err := os.Readlink("/proc/self/fd/" + e.Name()); err == nil {
			list = append(list, at)
		}
	}
	slices.Sort(list)
	return list
}

// pair is the agent's end of a connection, and the server's.
func pair(t *testing.T) (c *conn, server int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	t.Cleanup(func() { closeAll(fds[:]) })
	return &conn{fd: fds[0]}, fds[1]
}

func TestReceive(t *testing.T) {
	c, server := pair(t)
	frame, _ := wire.Frame(wire.KindSignal, []byte("body"))
	require.NoError(t, unix.Sendmsg(server, frame, unix.UnixRights(0, 1, 2, 0), nil, 0))
	kind, body, spilled, fds, err := c.receive()
	require.NoError(t, err)
	defer closeAll(fds)
	assert.Equal(t, wire.KindSignal, kind)
	assert.Equal(t, "body", string(body))
	assert.False(t, spilled)
	require.Len(t, fds, wire.MaxDescriptors)
	for _, fd := range fds {
		flags, err := unix.FcntlInt(uintptr(fd), unix.F_GETFD, 0)
		require.NoError(t, err)
		assert.NotZero(t, flags&unix.FD_CLOEXEC, "it would reach a program")
	}
}

func TestReceiveTheLargestFrame(t *testing.T) {
	c, server := pair(t)
	frame, spilled := wire.Frame(wire.KindExec, make([]byte, wire.MaxBody))
	require.False(t, spilled)
	require.NoError(t, unix.Sendmsg(server, frame, nil, nil, 0))
	_, body, _, _, err := c.receive()
	require.NoError(t, err)
	assert.Len(t, body, wire.MaxBody)
}

func TestReceiveRefuses(t *testing.T) {
	t.Run("a frame that is cut off", func(t *testing.T) {
		c, server := pair(t)
		require.NoError(t, unix.Sendmsg(server, make([]byte, wire.MaxFrame+1), nil, nil, 0))
		_, _, _, _, err := c.receive()
		assert.ErrorIs(t, err, wire.ErrMalformed)
	})
	t.Run("more descriptors than there is room for", func(t *testing.T) {
		c, server := pair(t)
		require.NoError(t, unix.Sendmsg(server, []byte{wire.Version, 1, 0}, unix.UnixRights(make([]int, 64)...), nil, 0))
		_, _, _, _, err := c.receive()
		assert.ErrorIs(t, err, wire.ErrMalformed)
	})
	t.Run("no frame", func(t *testing.T) {
		c, server := pair(t)
		require.NoError(t, unix.Sendmsg(server, []byte("hello"), nil, nil, 0))
		_, _, _, _, err := c.receive()
		assert.ErrorIs(t, err, wire.ErrMalformed)
	})
	t.Run("nothing, once the server is gone", func(t *testing.T) {
		c, server := pair(t)
		require.NoError(t, unix.Shutdown(server, unix.SHUT_RDWR))
		_, _, _, _, err := c.receive()
		require.ErrorIs(t, err, errClosed)
		assert.ErrorIs(t, c.send(wire.KindHello, nil), unix.EPIPE, "and no signal ends the agent")
	})
}

func TestDial(t *testing.T) {
	path := filepath.Join(t.TempDir(), "agent.sock")
	_, err := dial(path)
	require.ErrorIs(t, err, unix.ENOENT)

	l, err := unix.Socket(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	require.NoError(t, err)
	defer func() { _ = unix.Close(l) }()
	require.NoError(t, unix.Bind(l, &unix.SockaddrUnix{Name: path}))
	require.NoError(t, unix.Listen(l, 1))
	c, err := dial(path)
	require.NoError(t, err)
	defer func() { _ = unix.Close(c.fd) }()
	require.NoError(t, c.send(wire.KindHello, nil))
	server, _, err := unix.Accept(l)
	require.NoError(t, err)
	defer func() { _ = unix.Close(server) }()
	buf := make([]byte, wire.MaxFrame)
	n, err := unix.Read(server, buf)
	require.NoError(t, err)
	assert.Equal(t, []byte{wire.Version, byte(wire.KindHello), 0}, buf[:n])
}
