package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/store"
)

// usersCommand runs `paddock users` on a state directory.
func usersCommand(t *testing.T, dir string, args ...string) (out string, status int) {
	t.Helper()
	var stdout, stderr logBuffer
	status = execute(t.Context(), append([]string{"users", "--state-dir", dir}, args...), streams{out: &stdout, err: &stderr}, nil)
	return stdout.String() + stderr.String(), status
}

func TestUsers(t *testing.T) {
	dir := t.TempDir()
	out, status := usersCommand(t, dir, "list")
	assert.Equal(t, exitFailed, status)
	assert.Contains(t, out, "name its state directory with --state-dir", "nobody is blocked in a file that no server reads")
	made, err := store.Open(t.Context(), filepath.Join(dir, profilesFile))
	require.NoError(t, err)
	require.NoError(t, made.Close())
	out, status = usersCommand(t, dir, "show", "ada")
	assert.Equal(t, exitFailed, status)
	assert.Contains(t, out, "ada has no profile, and is FREE; set one with: paddock users set ada --tier BASIC")

	out, status = usersCommand(t, dir, "set", "ada", "--tier", "pro", "--max-memory-mb", "4096", "--allowed-ports", "8080,9090")
	assert.Zero(t, status)
	assert.JSONEq(t, `{"tier":"PRO","max_memory_mb":4096,"allowed_ports":[8080,9090]}`, out)
	out, _ = usersCommand(t, dir, "set", "ada", "--max-memory-mb", "0", "--max-cpu-percent", "50")
	assert.JSONEq(t, `{"tier":"PRO","max_cpu_percent":50,"allowed_ports":[8080,9090]}`, out, "what is not named stays")
	_, status = usersCommand(t, dir, "block", "mallory", "--reason", "mining\x1b[2J")
	assert.Zero(t, status)
	out, status = usersCommand(t, dir, "list")
	assert.Zero(t, status)
	assert.Regexp(t, `ada +PRO +- +\{"max_cpu_percent":50,"allowed_ports":\[8080,9090\]\}`, out)
	assert.Regexp(t, `mallory +FREE +"mining`, out)
	assert.NotContains(t, out, "\x1b")

	for _, args := range [][]string{{"unblock", "mallory"}, {"delete", "ada"}} {
		_, status = usersCommand(t, dir, args...)
		assert.Zero(t, status)
	}
	out, _ = usersCommand(t, dir, "list")
	assert.NotContains(t, out, "ada")
	assert.NotContains(t, out, "mining")

	for wrong, want := range map[string][]string{
		"max_memory_mb: -1 is not between": {"set", "ada", "--max-memory-mb", "-1"},
		"tier: is none of":                 {"set", "ada", "--tier", "GOLD"},
		"user id: letters, digits":         {"block", "a b"},
	} {
		out, status = usersCommand(t, dir, want...)
		assert.Equal(t, exitFailed, status)
		assert.Contains(t, out, wrong)
	}
	out, status = usersCommand(t, filepath.Join(dir, "nowhere"), "list")
	assert.Equal(t, exitFailed, status)
	assert.Contains(t, out, "nowhere")
}

// A block takes effect on a server that runs with the next request, survives its restart, and ends.
func TestABlockIsInForce(t *testing.T) {
	s := limiting(t, nil)
	wantVerdict(t, s.send(t, http.MethodPost, "/runner/run", as("mallory", "FREE", nil)), "ok")
	out, status := usersCommand(t, s.config.StateDir, "block", "mallory", "--reason", "mining")
	require.Zero(t, status, out)
	refused := func(s *server) bool {
		a := s.send(t, http.MethodPost, "/runner/run", as("mallory", "ENTERPRISE", nil))
		if a.Status == http.StatusForbidden {
			assert.Equal(t, "user_blocked", a.text("code"))
			assert.Equal(t, "User is blocked: mining", a.text("message"))
		}
		return a.Status == http.StatusForbidden
	}
	assert.True(t, refused(s))
	require.NoError(t, s.stop())

	c := s.config
	again, err := startWith(c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, again.stop()) })
	assert.True(t, refused(again))
	out, status = usersCommand(t, c.StateDir, "unblock", "mallory")
	require.Zero(t, status, out)
	assert.False(t, refused(again))
	lines, err := os.ReadFile(filepath.Join(c.StateDir, "anomalies.jsonl"))
	require.NoError(t, err)
	assert.Contains(t, string(lines), `"type":"UNAUTHORIZED_ACCESS","user_id":"mallory"`)
}

// Who is out for abuse is shown by a running server, and let in again.
func TestAbuseIsShownAndEnded(t *testing.T) {
	s := limiting(t, func(c *Config) { c.Validate.Policy, c.Quota.Abuse.Slow = "standard", time.Millisecond })
	blocked := as("mallory", "FREE", object{"code": shellOut})
	for range 4 {
		assert.Equal(t, "code_blocked", s.send(t, http.MethodPost, "/runner/run", blocked).text("code"))
	}
	refused := func() string {
		return s.send(t, http.MethodPost, "/runner/run", as("mallory", "FREE", nil)).text("code")
	}
	assert.Equal(t, "quarantined", refused())
	abuse := func(args ...string) (out string, status int) {
		var stdout, stderr logBuffer
		status = execute(t.Context(), append([]string{"abuse", "--state-dir", s.config.StateDir}, args...), streams{out: &stdout, err: &stderr}, nil)
		return stdout.String() + stderr.String(), status
	}
	out, status := abuse("list")
	assert.Zero(t, status, out)
	assert.Regexp(t, `user:mallory +1\.00 +\S+s +quarantine +\{"policy_violation":4\}`, out)
	out, status = abuse("unblock", "user:mallory")
	assert.Zero(t, status, out)
	assert.NotEqual(t, "quarantined", refused())
	out, status = abuse("unblock", "user:ada")
	assert.Equal(t, exitFailed, status)
	assert.Contains(t, out, "user:ada is not blocked here")
	info, err := os.Stat(filepath.Join(s.config.StateDir, adminSocket))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoError(t, s.stop())
	out, status = abuse("list")
	assert.Equal(t, exitFailed, status)
	assert.Contains(t, out, "no server answers admins at")
}
