package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
	"paddock/api"
)

// someAnomalies is a log with some events in a state directory, in two files.
func someAnomalies(t *testing.T, dir string) *anomalylog.Log {
	t.Helper()
	path := filepath.Join(dir, anomalyFile)
	l, err := anomalylog.New(anomalylog.Options{Path: path})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, l.Close()) })
	now := time.Now()
	record := func(ago time.Duration, e anomalylog.Event) {
		e.Time = now.Add(-ago)
		l.Record(e)
	}
	record(30*time.Hour, anomalylog.Event{Type: anomalylog.ExecutionTimeout, UserID: "ada", Details: anomalylog.Details{"verdict": "time_limit"}})
	record(3*time.Hour, anomalylog.Event{
		Type: anomalylog.CodeBlocked, UserID: "mallory", IP: "192.0.2.1", RunID: "r1",
		Details: anomalylog.Details{"rules": []string{"py.exec.os-system", "any.fork"}, "language": "python", "count": 2},
	})
	require.NoError(t, l.Flush(t.Context()))
	require.NoError(t, os.Rename(path, path+".1"))
	record(2*time.Hour, anomalylog.Event{Type: anomalylog.CodeBlocked, UserID: "mallory", IP: "192.0.2.1"})
	record(time.Hour, anomalylog.Event{Type: anomalylog.Quarantined, UserID: "mallory", Details: anomalylog.Details{"reason": "too much = too much"}})
	require.NoError(t, l.Flush(t.Context()))
	return l
}

func TestTail(t *testing.T) {
	dir := t.TempDir()
	someAnomalies(t, dir)
	tail := func(args ...string) []string {
		t.Helper()
		code, out, errText := paddock(t, "", append([]string{"tail", "--state-dir", dir}, args...)...)
		require.Zero(t, code, errText)
		require.Empty(t, errText)
		return strings.Split(strings.TrimSuffix(out, "\n"), "\n")
	}
	lines := tail()
	require.Len(t, lines, 4)
	assert.Regexp(t, `^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}  low     EXECUTION_TIMEOUT  user=ada  verdict=time_limit$`, lines[0])
	assert.Regexp(t, `  medium  CODE_BLOCKED  user=mallory  ip=192.0.2.1  run=r1  count=2  language=python  rules=py.exec.os-system,any.fork$`, lines[1])
	assert.Regexp(t, `  high    QUARANTINED  user=mallory  reason="too much = too much"$`, lines[3])
	assert.Equal(t, lines[2:], tail("-n", "2"))
	all := []string{"--type", "code_blocked", "--since", "150m", "--ip", "192.0.2.1", "--user", "mallory", "--severity", "high,medium"}
	assert.Equal(t, lines[2:3], tail(all...))
	assert.Equal(t, lines[3:], tail("--severity", "high"))
	assert.Equal(t, lines[1:], tail("--since", "24h"))
	assert.Equal(t, []string{""}, tail("-n", "0"))

	var want []string
	for _, file := range []string{anomalyFile + ".1", anomalyFile} {
		data, err := os.ReadFile(filepath.Join(dir, file))
		require.NoError(t, err)
		want = append(want, strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")...)
	}
	assert.Equal(t, want, tail("--json"), "the lines as they are")
}

func TestTailOfManyEvents(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.jsonl")
	l, err := anomalylog.New(anomalylog.Options{Path: path})
	require.NoError(t, err)
	for i := range 2500 {
		l.Record(anomalylog.Event{Type: anomalylog.CodeBlocked, UserID: strconv.Itoa(i)})
	}
	require.NoError(t, l.Close())
	l, err = anomalylog.New(anomalylog.Options{Path: path})
	require.NoError(t, err)
	server := anomalyServer(t, l)
	for n, args := range map[int][]string{10: nil, 2500: {"--since", "1h"}, 1007: {"--since", "1h", "-n", "1007"}} {
		for _, from := range []string{"--file=" + path, "--server=" + server} {
			code, out, errText := paddock(t, "", append([]string{"tail", from}, args...)...)
			assert.Zero(t, code, errText)
			assert.Equal(t, n, strings.Count(out, "\n"))
			assert.Regexp(t, `user=2499\n$`, out)
		}
	}
	require.NoError(t, l.Close())
}

// Whatever somebody writes into the file, no control character gets to whoever looks at it, nor a line that is none.
func TestTailOfAnEditedFile(t *testing.T) {
	dir := t.TempDir()
	someAnomalies(t, dir)
	const evil = `{"timestamp":"2026-11-21T15:04:05.006Z","type":"CODE_BLOCKED","user_id":"a\u001b[2Jb","details":{"x\ny":"\u202e` + "\u009b2J" +
		`","n":{"deep":"\u0007"}},"severity":"low"}` + "\n\x1b[2J not an event\n"
	f, err := os.OpenFile(filepath.Join(dir, anomalyFile), os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = f.WriteString(evil)
	require.NoError(t, err)
	require.NoError(t, f.Close())
	for _, args := range [][]string{{"--json"}, nil} {
		code, out, errText := paddock(t, "", append([]string{"tail", "-n", "1", "--state-dir", dir}, args...)...)
		assert.Zero(t, code)
		for _, r := range out[:len(out)-1] {
			assert.NotContains(t, "\x1b\u009b\u202e\n\a", string(r))
		}
		assert.Contains(t, errText, "1 lines are no events")
	}
}

func TestTailSaysWhatToDo(t *testing.T) {
	dir := t.TempDir()
	for says, args := range map[string][]string{
		"name its directory with --state-dir":                      {"--state-dir", dir},
		"or the file with --file":                                  {"--file", filepath.Join(dir, "none")},
		`type: "CODE_BLOKED" is none of`:                           {"--state-dir", dir, "--type", "CODE_BLOKED"},
		"--lines: -5 is less than 0":                               {"--state-dir", dir, "-n", "-5"},
		`since: "yesterday" is neither a time`:                     {"--state-dir", dir, "--since", "yesterday"},
		"if any flags in the group [server file state-dir] are":    {"--state-dir", dir, "--server", "http://127.0.0.1:1"},
		"no server answers admins at " + dir + "/admin.sock: dial": {"--server", "unix:" + dir + "/admin.sock"},
	} {
		code, out, errText := paddock(t, "", append([]string{"tail"}, args...)...)
		assert.Equal(t, exitFailed, code, errText)
		assert.Empty(t, out)
		assert.Contains(t, errText, says)
	}
}

// A reader that goes away is no failure.
func TestTailIntoAClosedPipe(t *testing.T) {
	dir := t.TempDir()
	someAnomalies(t, dir)
	r, w, err := os.Pipe()
	require.NoError(t, err)
	require.NoError(t, r.Close())
	var errText bytes.Buffer
	code := execute(t.Context(), []string{"tail", "-f", "--state-dir", dir}, streams{nil, w, &errText}, nil)
	assert.Zero(t, code)
	assert.Empty(t, errText.String())
	require.NoError(t, w.Close())
}

// following runs tail -f until it is stopped.
func following(t *testing.T, args ...string) (lines *bufio.Scanner, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan int, 1)
	var errText bytes.Buffer
	go func() {
		code := execute(ctx, append([]string{"tail", "-f"}, args...), streams{nil, w, &errText}, nil)
		_ = w.Close()
		done <- code
	}()
	return bufio.NewScanner(r), func() {
		cancel()
		assert.Zero(t, <-done)
		assert.Empty(t, errText.String())
	}
}

func TestTailFollows(t *testing.T) {
	dir := t.TempDir()
	l := someAnomalies(t, dir)
	server := anomalyServer(t, l)
	path := filepath.Join(dir, anomalyFile)
	i := 0
	for name, from := range map[string]string{"files": "--state-dir=" + dir, "server": "--server=" + server} {
		t.Run(name, func(t *testing.T) {
			lines, stop := following(t, from, "-n", "1", "--type", "QUARANTINED")
			require.True(t, lines.Scan())
			assert.Contains(t, lines.Text(), "QUARANTINED  user=")
			for range 3 {
				i++
				user := name + strconv.Itoa(i)
				l.Record(anomalylog.Event{Type: anomalylog.CodeBlocked, UserID: user})
				l.Record(anomalylog.Event{Type: anomalylog.Quarantined, UserID: user})
				require.True(t, lines.Scan())
				assert.Contains(t, lines.Text(), "QUARANTINED  user="+user)
				require.NoError(t, os.Rename(path, path+"."+strconv.Itoa(i+1)))
			}
			stop()
		})
	}
}

// A server that restarts, or whose stream breaks, is waited for, and nothing is missing or there twice; also when there was no event
// before.
func TestTailFollowsAServerThatRestarts(t *testing.T) {
	dir := t.TempDir()
	l, err := anomalylog.New(anomalylog.Options{Path: filepath.Join(dir, anomalyFile)})
	require.NoError(t, err)
	opened := make(chan struct{}, 100)
	var busy atomic.Int64 // so many times
	handler := anomalyHandler(t, l)
	serve := func() *httptest.Server {
		listener, err := new(net.ListenConfig).Listen(t.Context(), "unix", filepath.Join(dir, "s"))
		require.NoError(t, err)
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasSuffix(r.URL.Path, "/stream") {
				opened <- struct{}{}
				if busy.Add(-1) >= 0 {
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
			}
			handler.ServeHTTP(w, r)
		}))
		s.Listener, s.Config.ConnContext = listener, api.AdminConn
		s.Start()
		return s
	}
	stop := func(s *httptest.Server) {
		s.CloseClientConnections()
		s.Close()
	}
	record := func(user string) {
		l.Record(anomalylog.Event{Type: anomalylog.Quarantined, UserID: user})
		require.NoError(t, l.Flush(t.Context()))
	}
	s := serve()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan int, 1)
	var errText bytes.Buffer
	go func() {
		done <- execute(ctx, []string{"tail", "-f", "--server=unix:" + dir + "/s"}, streams{nil, w, &errText}, nil)
	}()
	lines := bufio.NewScanner(r)
	<-opened
	stop(s)
	record("a")
	record("b")
	busy.Store(1)
	s = serve()
	for _, user := range []string{"a", "b", "c", "d"} {
		if user == "c" {
			record("c")
		}
		require.True(t, lines.Scan())
		assert.Regexp(t, "user="+user+"$", lines.Text())
		if user == "c" {
			s.CloseClientConnections()
			record("d")
		}
	}
	cancel()
	assert.Zero(t, <-done)
	assert.Equal(t, 2, strings.Count(errText.String(), "waiting for it\n"), "once each time: %s", errText.String())
	assert.Equal(t, 2, strings.Count(errText.String(), "\n"))
	stop(s)
	require.NoError(t, l.Close())
}

// What a server refuses is not asked for again.
func TestTailOfAServerThatRefuses(t *testing.T) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/stream") {
			w.WriteHeader(http.StatusForbidden)
			_, _ = io.WriteString(w, `{"message":"not you"}`)
			return
		}
		_, _ = io.WriteString(w, `{"anomalies":[],"next_cursor":""}`)
	}))
	defer s.Close()
	code, _, errText := paddock(t, "", "tail", "-f", "--server="+s.URL)
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, errText, "not you")
	assert.NotContains(t, errText, "waiting")
}

// anomalyServer answers admins, but for a runner and what belongs to it.
func anomalyServer(t *testing.T, l *anomalylog.Log) (url string) {
	t.Helper()
	s := httptest.NewUnstartedServer(anomalyHandler(t, l))
	s.Config.ConnContext = api.AdminConn
	s.Start()
	t.Cleanup(s.Close)
	return s.URL
}

func anomalyHandler(t *testing.T, l *anomalylog.Log) http.Handler {
	t.Helper()
	handler, err := api.NewAdmin(api.AdminOptions{Live: &api.Live{Anomalies: l, Stopping: t.Context()}})
	require.NoError(t, err)
	return handler
}

func TestFilesAndServerAreShownAlike(t *testing.T) {
	dir := t.TempDir()
	l := someAnomalies(t, dir)
	server := "--server=" + anomalyServer(t, l)
	for _, args := range [][]string{
		{"tail"}, {"tail", "--json"}, {"tail", "--user", "mallory", "--severity", "medium"}, {"tail", "-n", "3"}, {"tail", "--since", "150m"},
		{"anomalies", "summary"}, {"anomalies", "summary", "--hours", "48", "--json"},
	} {
		show := func(from string) string {
			code, out, errText := paddock(t, "", append(args, from)...)
			require.Zero(t, code, errText)
			return out
		}
		fromFiles, fromServer, again := "", "", "x"
		for fromFiles != again { // a minute or an hour may end in between
			fromFiles, fromServer, again = show("--state-dir="+dir), show(server), show("--state-dir="+dir)
		}
		assert.Equal(t, fromFiles, fromServer, args)
		assert.NotEmpty(t, fromFiles)
	}
}

func TestAnomaliesSummary(t *testing.T) {
	dir := t.TempDir()
	someAnomalies(t, dir)
	code, out, errText := paddock(t, "", "anomalies", "summary", "--state-dir", dir)
	require.Zero(t, code, errText)
	assert.Regexp(t, `^3 events from \d{4}-\d\d-\d\d \d\d:\d\d to \d{4}-\d\d-\d\d \d\d:\d\d UTC\n`, out)
	for _, line := range []string{`high +1`, `medium +2`, `low +0`, `CODE_BLOCKED +2`, `QUARANTINED +1`, `mallory +3`, `192\.0\.2\.1 +2`, `\d{4}-\d\d-\d\d \d\d:00 +1 +#{40}`} {
		assert.Regexp(t, `(?m)^`+line+`$`, out)
	}
	code, out, _ = paddock(t, "", "anomalies", "summary", "--state-dir", dir, "--json", "--hours", "48")
	require.Zero(t, code)
	var s anomalylog.Summary
	require.NoError(t, json.Unmarshal([]byte(out), &s))
	assert.Equal(t, int64(4), s.Total)
	assert.Len(t, s.ByHour, 49)
	code, _, errText = paddock(t, "", "anomalies", "summary", "--hours", "0")
	assert.Equal(t, exitFailed, code)
	assert.Contains(t, errText, "--hours: 0 is not from 1 to 8784")
}

// Lines are in colour for a terminal only, and only by severity.
func TestColoursOfEvents(t *testing.T) {
	e, ok := anomalylog.ParseEntry(anomalylog.Position{}, []byte(
		`{"timestamp":"2026-11-21T15:04:05.006Z","type":"QUARANTINED","user_id":"ada","details":{},"severity":"high"}`))
	require.True(t, ok)
	assert.Equal(t, "2026-11-21 15:04:05.006  <high    QUARANTINED>  user=ada\n", eventText(e, palette{block: "<", plain: ">"}))
	assert.Equal(t, "2026-11-21 15:04:05.006  high    QUARANTINED  user=ada\n", eventText(e, palette{}))
}
