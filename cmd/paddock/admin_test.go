package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/api"
	"paddock/store"
)

// command runs paddock with some arguments.
func command(t *testing.T, args ...string) (out string, status int) {
	t.Helper()
	var stdout, stderr logBuffer
	status = execute(t.Context(), args, streams{out: &stdout, err: &stderr}, nil)
	return stdout.String() + stderr.String(), status
}

// actions are what admins have done, as the anomaly log has it.
func actions(t *testing.T, dir string) (all []map[string]any) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, anomalyFile))
	require.NoError(t, err)
	for line := range strings.Lines(string(data)) {
		var e struct {
			Type    string
			UserID  string `json:"user_id"`
			Details map[string]any
		}
		if json.Unmarshal([]byte(line), &e) == nil && e.Type == "ADMIN_ACTION" {
			e.Details["user"] = e.UserID
			all = append(all, e.Details)
		}
	}
	return all
}

// endless starts a program that goes on until somebody ends it, and returns what will become of it.
func (s *server) endless(t *testing.T, user string) <-chan answer {
	t.Helper()
	ended := make(chan answer, 1)
	go func() {
		a, err := s.try(context.Background(), http.MethodPost, "/runner/run", object{
			"language": "python", "code": "import time\ntime.sleep(1000)", "user_id": user,
		})
		assert.NoError(t, err)
		ended <- a
	}()
	admin := dialAdmin(unixPrefix + filepath.Join(s.config.StateDir, adminSocket))
	require.Eventually(t, func() bool {
		var runs api.RunList
		err := admin.call(t.Context(), http.MethodGet, "/admin/runs?user="+user, nil, &runs)
		return err == nil && len(runs.Runs) == 1 && runs.Runs[0].State == "running"
	}, settled, 20*time.Millisecond)
	return ended
}

// Admins see what runs, end it, block users whose runs end then, and have all cells replaced; each is written down with who
// did it.
func TestAdminsHands(t *testing.T) {
	s := start(t, nil)
	dir := s.config.StateDir
	ada, mallory := s.endless(t, "ada"), s.endless(t, "mallory")
	out, status := command(t, "runs", "list", "--state-dir", dir)
	require.Zero(t, status, out)
	id := regexp.MustCompile(`(\S+) +ada +127\.0\.0\.1 +python +running`).FindStringSubmatch(out)
	require.NotNil(t, id, out)
	out, status = command(t, "runs", "end", id[1], "--state-dir", dir)
	require.Zero(t, status, out)
	a := <-ada
	wantVerdict(t, a, "cancelled")
	assert.Equal(t, "The run was cancelled: an admin ended it.", a.text("message"))
	out, status = command(t, "runs", "end", id[1], "--state-dir", dir)
	assert.Equal(t, exitFailed, status)
	assert.Contains(t, out, "goes on")

	out, status = command(t, "users", "block", "mallory", "--reason", "mining", "--state-dir", dir)
	require.Zero(t, status, out)
	assert.Contains(t, out, "mallory is blocked; 1 of their runs were ended")
	a = <-mallory
	wantVerdict(t, a, "cancelled")
	assert.Equal(t, "The run was cancelled: its user was blocked.", a.text("message"))
	assert.Equal(t, "user_blocked", s.python(t, "print(1)", object{"user_id": "mallory"}).text("code"), "the next request")

	before := s.probe(t, "ada").Name
	assert.Equal(t, before, s.probe(t, "ada").Name)
	out, status = command(t, "pool", "drain", "--state-dir", dir)
	require.Zero(t, status, out)
	assert.Regexp(t, `^\d+ cells are closed`, out)
	assert.NotEqual(t, before, s.probe(t, "ada").Name, "another cell")
	out, status = command(t, "pool", "show", "--state-dir", dir)
	require.Zero(t, status, out)
	var pool api.PoolState
	require.NoError(t, json.Unmarshal([]byte(out), &pool))
	assert.Equal(t, s.config.Pool.MaxCells, pool.MaxCells)
	assert.Positive(t, pool.Made)

	require.NoError(t, s.stop())
	done := actions(t, dir)
	require.Len(t, done, 3)
	for i, want := range []object{
		{"action": "end_run", "user": "ada"}, {"action": "block_user", "user": "mallory"}, {"action": "drain_pool", "user": ""},
	} {
		assert.Equal(t, want["action"], done[i]["action"])
		assert.Equal(t, want["user"], done[i]["user"])
		assert.Equal(t, api.SystemUser(os.Getuid()), done[i]["by"])
	}
	assert.Equal(t, []any{`blocked_reason="mining"`, "is_blocked=true"}, done[1]["to"])
}

// Where no server runs, changes of users are written down all the same.
func TestUsersWithoutAServerAreWrittenDown(t *testing.T) {
	dir := t.TempDir()
	made, err := store.Open(t.Context(), filepath.Join(dir, profilesFile))
	require.NoError(t, err)
	require.NoError(t, made.Close())
	out, status := command(t, "users", "set", "ada", "--tier", "PRO", "--state-dir", dir)
	require.Zero(t, status, out)
	done := actions(t, dir)
	require.Len(t, done, 1)
	assert.Equal(t, []any{`tier="PRO"`}, done[0]["to"])
	assert.Equal(t, api.SystemUser(os.Getuid()), done[0]["by"])
	out, status = command(t, "pool", "drain", "--state-dir", dir)
	assert.Equal(t, exitFailed, status)
	assert.Contains(t, out, "no server answers admins at")

	lock, err := openState(dir)
	require.NoError(t, err)
	out, status = command(t, "users", "set", "ada", "--tier", "FREE", "--state-dir", dir)
	assert.Equal(t, exitFailed, status)
	assert.Contains(t, out, "it starts or stops; try again")
	out, status = command(t, "users", "list", "--state-dir", dir)
	assert.Zero(t, status, "who only looks needs nothing to be free: %s", out)
	require.NoError(t, lock.close())
}

// Who only looks leaves nothing, and keeps nobody from starting.
func TestLookingAtUsersLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	made, err := store.Open(t.Context(), filepath.Join(dir, profilesFile))
	require.NoError(t, err)
	require.NoError(t, made.Close())
	for _, args := range [][]string{{"users", "list"}, {"users", "show", "ada"}} {
		_, _ = command(t, append(args, "--state-dir", dir)...)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	assert.Equal(t, []string{filepath.Join(dir, profilesFile)}, files)
}

// A server notes where it writes down what is odd, so that a command goes by it when the server is gone.
func TestCommandsFindTheAnomalyLog(t *testing.T) {
	elsewhere := filepath.Join(t.TempDir(), "events.jsonl")
	s := start(t, func(c *Config) { c.Anomaly.Path = elsewhere })
	dir := s.config.StateDir
	require.NoError(t, s.stop())
	out, status := command(t, "users", "block", "mallory", "--state-dir", dir)
	require.Zero(t, status, out)
	assert.Contains(t, out, "There was no profile of that name before")
	out, status = command(t, "tail", "--state-dir", dir, "--type", "ADMIN_ACTION")
	require.Zero(t, status, out)
	assert.Contains(t, out, "mallory")
	assert.NoFileExists(t, filepath.Join(dir, anomalyFile))
	text, err := os.ReadFile(elsewhere)
	require.NoError(t, err)
	assert.Contains(t, string(text), "block_user")
}

func TestServerAddresses(t *testing.T) {
	for _, bad := range []string{"127.0.0.1:8081", "localhost:8081", "ftp://x", "http://", "unix:"} {
		out, status := command(t, "users", "list", "--server", bad)
		assert.Equal(t, exitFailed, status)
		assert.Contains(t, out, "is neither like http://127.0.0.1:8081", bad)
	}
}

// The public listener has no admin routes, whatever the method, and admin.addr has nothing else.
func TestAdminsHaveAListenerOfTheirOwn(t *testing.T) {
	s := start(t, func(c *Config) { c.Admin.Addr = "127.0.0.1:0" })
	for _, path := range []string{"/admin/runs", "/admin/users/ada", "/admin/pool/drain", "/admin/anomalies", "/admin/abuse", "/admin"} {
		for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
			assert.Equal(t, http.StatusNotFound, s.send(t, method, path, object{}).Status, "%s %s", method, path)
		}
	}
	found := regexp.MustCompile(`"admin_addr":"(127[^"]+)"`).FindStringSubmatch(s.log.String())
	require.NotNil(t, found)
	out, status := command(t, "users", "set", "ada", "--tier", "PRO", "--server", "http://"+found[1])
	require.Zero(t, status, out)
	out, status = command(t, "runs", "list", "--server", "http://"+found[1])
	require.Zero(t, status, out)
	res, err := http.Get("http://" + found[1] + "/api/repl/languages")
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	assert.Equal(t, http.StatusNotFound, res.StatusCode)
	require.NoError(t, s.stop())
	assert.Contains(t, actions(t, s.config.StateDir)[0]["by"], "127.0.0.1:")
}

func TestWhereAdminsMayBeAnswered(t *testing.T) {
	for _, good := range []string{"", "127.0.0.1:8081", "[::1]:0", "localhost:1", "unix:/run/paddock/admin.sock"} {
		assert.NoError(t, checkAdminAddr(good))
	}
	for _, bad := range []string{":8081", "0.0.0.0:8081", "192.0.2.1:1", "example.com:80", "127.0.0.1", "unix:admin.sock", "unix:"} {
		assert.ErrorContains(t, checkAdminAddr(bad), "nobody else may reach it", bad)
	}
}

// A socket that a server left which is gone makes way; one that is in use, and anything else of its name, stays.
func TestAdminSocketsMakeWay(t *testing.T) {
	long := filepath.Join(t.TempDir(), strings.Repeat("d", 120))
	require.NoError(t, os.Mkdir(long, 0o700))
	path := filepath.Join(long, adminSocket)
	first, err := listenForAdmins(unixPrefix + path)
	require.NoError(t, err)
	_, err = listenForAdmins(unixPrefix + path)
	require.ErrorContains(t, err, "somebody listens there")
	require.NoError(t, first.Close())
	second, err := listenForAdmins(unixPrefix + path)
	require.NoError(t, err)
	info, err := os.Lstat(path)
	require.NoError(t, err)
	assert.Equal(t, os.ModeSocket|0o600, info.Mode())
	require.NoError(t, bySocket(path, func(name string) error {
		c, err := net.Dial("unix", name)
		if err != nil {
			return err
		}
		return c.Close()
	}))
	require.NoError(t, second.Close())
	left, err := filepath.Glob(filepath.Join(long, ".*"))
	require.NoError(t, err)
	assert.Empty(t, left)
	file := filepath.Join(long, "notes")
	require.NoError(t, os.WriteFile(file, []byte("keep"), 0o600))
	_, err = listenForAdmins(unixPrefix + file)
	require.ErrorContains(t, err, "no socket")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "keep", string(text))
}
