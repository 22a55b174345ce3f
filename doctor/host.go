package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Host is a machine as the checks see it. Every field is required; ThisHost fills them in, a test brings literal ones.
// All of it is called from several goroutines at once.
type Host struct {
	// Root is the file system, "/" as ".".
	Root fs.FS
	// Look finds a program the way a shell would; the error wraps exec.ErrNotFound.
	Look func(name string) (path string, err error)
	// Command runs a program and gives what it wrote to stdout.
	Command func(ctx context.Context, argv ...string) (stdout string, err error)
	// Get asks the Podman service at an address (unix:///path) for a path of its API.
	Get func(ctx context.Context, address, path string) (Answer, error)
	// Space tells how much room there is below a path.
	Space func(path string) (Space, error)
}

// Answer is what a Podman service replied.
type Answer struct {
	Header http.Header
	Body   []byte
}

// Space is the room in a file system, in bytes and in files.
type Space struct {
	Free, Total           uint64
	FreeFiles, TotalFiles uint64
}

// mostOutput bounds what a command or a service may tell us; podman info is about 5 KB.
const mostOutput = 1 << 20

// ThisHost is the machine we run on.
func ThisHost() *Host {
	return &Host{Root: os.DirFS("/"), Look: exec.LookPath, Command: command, Get: get, Space: space}
}

func command(ctx context.Context, argv ...string) (string, error) {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.WaitDelay = time.Second // a child of the command may hold our pipe open
	stdout, stderr := &limited{most: mostOutput}, &limited{most: 4 << 10}
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), fmt.Errorf("%s: %w: %s", argv[0], err, strings.TrimSpace(stderr.String()))
	}
	return stdout.String(), nil
}

// limited keeps the first bytes and swallows the rest, so that a chatty command neither fills memory nor blocks.
// The buffer is a field, because io.Copy would go around Write if ReadFrom showed.
type limited struct {
	buf  bytes.Buffer
	most int
}

func (l *limited) Write(p []byte) (int, error) {
	l.buf.Write(p[:min(len(p), l.most-l.buf.Len())])
	return len(p), nil
}

func (l *limited) String() string { return l.buf.String() }

func get(ctx context.Context, address, path string) (Answer, error) {
	socket, isUnix := strings.CutPrefix(address, "unix://")
	if !isUnix {
		return Answer{}, fmt.Errorf("%q is not a unix:// address", address)
	}
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", socket)
	}}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://podman"+path, http.NoBody)
	if err != nil {
		return Answer{}, err
	}
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return Answer{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, mostOutput))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers %s", path, resp.Status)
	}
	return Answer{Header: resp.Header, Body: body}, err
}

func space(path string) (Space, error) {
	var st unix.Statfs_t
	if err := unix.Statfs(path, &st); err != nil {
		return Space{}, &fs.PathError{Op: "statfs", Path: path, Err: err}
	}
	block := uint64(st.Bsize) //nolint:gosec // a block size is positive
	return Space{
		Free: st.Bavail * block, Total: st.Blocks * block,
		FreeFiles: st.Ffree, TotalFiles: st.Files,
	}, nil
}

// read gives a file of the machine without the blanks around its text; path is absolute.
func (h *Host) read(path string) (string, error) {
	b, err := fs.ReadFile(h.Root, strings.TrimPrefix(path, "/"))
	return strings.TrimSpace(string(b)), err
}

// exists is about the file, not about what it says; a link that leads nowhere is not there.
func (h *Host) exists(path string) bool {
	_, err := fs.Stat(h.Root, strings.TrimPrefix(path, "/"))
	return err == nil
}

// missing tells "not installed" from "installed, and something is wrong with it".
func missing(err error) bool {
	return errors.Is(err, exec.ErrNotFound) || errors.Is(err, fs.ErrNotExist)
}
