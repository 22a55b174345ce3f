package main

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// example is a ```sh block of a document and the ```json block behind it, if there is one.
type example struct{ script, answer string }

func examples(t *testing.T, file string) []example {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	var list []example
	for _, block := range strings.Split(string(text), "\n```")[1:] {
		kind, body, _ := strings.Cut(block, "\n")
		switch {
		case kind == "sh":
			list = append(list, example{script: body})
		case kind == "json" && len(list) > 0:
			list[len(list)-1].answer = body
		}
	}
	return list
}

// What the documents show is what happens: each example runs, in one shell for each document, and its answer has at least what
// is printed below it.
func TestDocumentsShowWhatHappens(t *testing.T) {
	s := looking(t, nil) // as an operator has it
	for file, wanted := range map[string]func(string) bool{
		"../../README.md":   func(script string) bool { return strings.Contains(script, "curl") },
		"../../docs/api.md": func(string) bool { return true },
	} {
		t.Run(file, func(t *testing.T) {
			var script strings.Builder
			var shown []example
			for _, e := range examples(t, file) {
				if wanted(e.script) {
					script.WriteString(strings.ReplaceAll(e.script, "http://127.0.0.1:8080", s.url) + "\nprintf '\\0'\n")
					shown = append(shown, e)
				}
			}
			require.NotEmpty(t, shown)
			cmd := exec.Command("bash", "-eu", "-c", script.String())
			cmd.Env = append(os.Environ(), "PADDOCK_URL="+s.url, "TMPDIR="+t.TempDir())
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			out, err := cmd.Output()
			require.NoError(t, err, "%s", stderr.String())
			answers := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
			require.Len(t, answers, len(shown))
			for i, e := range shown {
				assert.NotEmpty(t, answers[i], e.script)
				if e.answer != "" {
					var want, got any
					require.NoError(t, json.Unmarshal([]byte(e.answer), &want), e.answer)
					require.NoError(t, json.Unmarshal([]byte(answers[i]), &got), "%s\n%s", e.script, answers[i])
					holds(t, e.script, want, got)
				}
			}
		})
	}
}

// The admin's day can be lived as the guide has it: its commands run, in their order, on a server that some users have met.
func TestTheAdminsDay(t *testing.T) {
	s := looking(t, nil)
	for range 2 {
		assert.Equal(t, "code_blocked", s.python(t, shellOut, object{"user_id": "mallory"}).text("code"))
	}
	require.Eventually(t, func() bool {
		lines, err := os.ReadFile(filepath.Join(s.config.StateDir, anomalyFile))
		return err == nil && bytes.Count(lines, []byte("CODE_BLOCKED")) == 2
	}, time.Minute, tick, "they are written within a second")
	text, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	_, day, ok := strings.Cut(string(text), "\n## The admin's day\n")
	require.True(t, ok)
	day, _, _ = strings.Cut(day, "\n## ")
	file := filepath.Join(t.TempDir(), "day.md")
	require.NoError(t, os.WriteFile(file, []byte(day), 0o600))
	var script strings.Builder
	for _, e := range examples(t, file) {
		script.WriteString(e.script + "\n")
	}
	cmd := exec.Command("bash", "-eu", "-c", script.String())
	cmd.Env = append(os.Environ(), "PATH="+os.Getenv(varBin)+":"+os.Getenv("PATH"), "PADDOCK_STATE_DIR="+s.config.StateDir)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, want := range []string{"CODE_BLOCKED", "mallory", "4096", "mallory is blocked", "cells are closed", "ADMIN_ACTION", "2 events from"} {
		assert.Contains(t, string(out), want)
	}
	assert.Len(t, actions(t, s.config.StateDir), 6, "set, block, unblock, drain, block, unblock")
}

// holds checks that got has at least what want has.
func holds(t *testing.T, what string, want, got any) {
	t.Helper()
	object, ok := want.(map[string]any)
	if !ok {
		assert.Equal(t, want, got, what)
		return
	}
	has, ok := got.(map[string]any)
	require.True(t, ok, "%s: %v is no object", what, got)
	for key, value := range object {
		require.Contains(t, has, key, what)
		holds(t, what+" ."+key, value, has[key])
	}
}

// The operations guide shows settings in YAML, and names flags and variables: all of them exist.
func TestOperationsGuideNamesSettingsThatExist(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(text), "```yaml\n")
	require.True(t, ok)
	body, _, _ := strings.Cut(rest, "```")
	file := t.TempDir() + "/config.yaml"
	require.NoError(t, os.WriteFile(file, []byte(body), 0o600))
	c, err := loadArgs(t, nil, "--config", file)
	require.NoError(t, err)
	assert.Equal(t, map[string]int{"python": 4, "go": 0}, c.Pool.Language)
	for _, setting := range settings() {
		if strings.Contains(string(text), setting.variable()) {
			assert.Contains(t, string(text), "--"+setting.flag())
		}
	}
}
