package wire_test

import (
	"errors"
	"io"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"paddock/sandbox/wire"
)

func memfd(t *testing.T, data []byte) int {
	t.Helper()
	fd, err := wire.Memfd("test", data)
	require.NoError(t, err)
	t.Cleanup(func() { _ = unix.Close(fd) })
	return fd
}

func TestMemfdHoldsTheDataFromItsStart(t *testing.T) {
	for _, data := range [][]byte{{}, []byte("x"), make([]byte, 3<<20)} {
		f := os.NewFile(uintptr(memfd(t, data)), "memfd")
		got, err := io.ReadAll(f)
		require.NoError(t, err)
		assert.Equal(t, data, got)
	}
}

func TestMemfdIsSealed(t *testing.T) {
	fd := memfd(t, []byte("sealed"))
	_, err := unix.Pwrite(fd, []byte("X"), 0)
	assert.ErrorIs(t, err, unix.EPERM, "written to")
	_, err = unix.Pwrite(fd, []byte("X"), 100)
	assert.ErrorIs(t, err, unix.EPERM, "written behind its end")
	assert.ErrorIs(t, unix.Ftruncate(fd, 100), unix.EPERM, "grown")
	assert.ErrorIs(t, unix.Ftruncate(fd, 1), unix.EPERM, "shrunk")
	assert.ErrorIs(t, unix.Fallocate(fd, 0, 0, 100), unix.EPERM, "allocated")
	assert.ErrorIs(t, unix.Fallocate(fd, unix.FALLOC_FL_PUNCH_HOLE|unix.FALLOC_FL_KEEP_SIZE, 0, 1), unix.EPERM, "punched")
	_, err = unix.Mmap(fd, 0, 6, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	assert.ErrorIs(t, err, unix.EPERM, "mapped to write")
	_, err = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, 0)
	assert.ErrorIs(t, err, unix.EPERM, "sealed again")

	again, err := unix.Open("/proc/self/fd/"+strconv.Itoa(fd), unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err == nil { // its owner may open it once more, and still write nothing
		defer func() { _ = unix.Close(again) }()
		_, err = unix.Pwrite(again, []byte("X"), 0)
	}
	assert.Error(t, err)
}

func TestMemfdDoesNotReachChildren(t *testing.T) {
	flags, err := unix.FcntlInt(uintptr(memfd(t, nil)), unix.F_GETFD, 0)
	require.NoError(t, err)
	assert.NotZero(t, flags&unix.FD_CLOEXEC)
}

func TestMapped(t *testing.T) {
	want := errors.New("from use")
	calls := 0
	err := wire.Mapped(memfd(t, []byte("body")), func(body []byte) error {
		calls++
		assert.Equal(t, "body", string(body))
		return want
	})
	assert.ErrorIs(t, err, want)
	assert.Equal(t, 1, calls)
}

func TestMappedRefusesWhatHoldsNothing(t *testing.T) {
	var p [2]int
	require.NoError(t, unix.Pipe2(p[:], unix.O_CLOEXEC))
	defer func() { _, _ = unix.Close(p[0]), unix.Close(p[1]) }()
	for name, fd := range map[string]int{"an empty file": memfd(t, nil), "a pipe": p[0], "nothing": -1} {
		assert.Error(t, wire.Mapped(fd, func([]byte) error { t.Error("called for " + name); return nil }), name)
	}
}
