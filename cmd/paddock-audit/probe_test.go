package main

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/audit"
)

// What the host judges is what is tried, and the other way round.
func TestEverySystemCallHasAProbe(t *testing.T) {
	if runtime.GOARCH != "amd64" {
		t.Skip("other machines have fewer system calls: those count as absent")
	}
	wanted := map[string]bool{memfdExec: true}
	for _, c := range audit.Syscalls() {
		wanted[c.Name] = true
		assert.Contains(t, calls, c.Name)
	}
	for name := range calls {
		assert.True(t, wanted[name], "nobody judges %s", name)
	}
}

func TestWhatIsNoCallIsAbsent(t *testing.T) {
	assert.Equal(t, audit.Absent, probe("no such call"))
	assert.Equal(t, "EBADF", probe("setns"))
}

func TestFilesAreProbed(t *testing.T) {
	dir := t.TempDir()
	full, empty := filepath.Join(dir, "full"), filepath.Join(dir, "empty")
	require.NoError(t, os.WriteFile(full, []byte("x"), 0o600))
	require.NoError(t, os.WriteFile(empty, nil, 0o600))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "none"), 0o700))
	for path, want := range map[string]string{
		full: audit.Got, empty: "empty: ok", dir: audit.Got, filepath.Join(dir, "none"): "empty: EOF",
		"/dev/null": audit.Masked, "/dev/zero": audit.Got, "/no/such/file": "ENOENT",
	} {
		assert.Equal(t, want, read(path), path)
	}
	for path, want := range map[string]string{full: audit.Got, dir: "EISDIR", "/dev/null": audit.Masked, "/no/such/file": "ENOENT"} {
		assert.Equal(t, want, openForWriting(path), path)
	}
	data, err := os.ReadFile(full)
	require.NoError(t, err)
	assert.Equal(t, "x", string(data), "it is opened, not written to")
}

func TestConnect(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	listen := func(network, address string) audit.Address {
		l, err := net.Listen(network, address)
		require.NoError(t, err)
		t.Cleanup(func() { _ = l.Close() })
		return audit.Address{Network: l.Addr().Network(), Address: l.Addr().String()}
	}
	for _, a := range []audit.Address{
		listen("unix", path), listen("unix", "@paddock-audit-test-"+filepath.Base(t.TempDir())+path), listen("tcp", "127.0.0.1:0"),
		{Network: "udp", Address: "127.0.0.1:9"},
	} {
		assert.Equal(t, audit.Got, connect(a), a.Address)
	}
	// A datagram socket is there, even if it does not talk to us.
	d, err := net.ListenPacket("unixgram", path+"d")
	require.NoError(t, err)
	defer func() { _ = d.Close() }()
	assert.Equal(t, audit.Got, connect(audit.Address{Network: "unix", Address: path + "d"}))
	assert.Equal(t, "ENOENT", connect(audit.Address{Network: "unix", Address: path + "no"}))
	assert.Contains(t, connect(audit.Address{Network: "tcp", Address: "nonsense"}), "nonsense")
}

func TestSettingsThatAreNone(t *testing.T) {
	for _, args := range [][]string{nil, {"a", "b"}, {"{"}, {"[]"}} {
		assert.Error(t, run(args), args)
	}
	assert.NoError(t, run([]string{modeNothing}))
}
