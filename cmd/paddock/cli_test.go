package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDoctorCommand(t *testing.T) {
	needPodman(t)
	dir := t.TempDir()
	code, out, errText := paddock(t, "", "doctor", "--json", "--state-dir", dir)
	assert.Equal(t, 0, code, "%s%s", out, errText)
	var report struct {
		Checks []struct{ Name, Status, Found string }
	}
	require.NoError(t, json.Unmarshal([]byte(out), &report), out)
	status := map[string]string{}
	for _, c := range report.Checks {
		status[c.Name] = c.Status
		assert.NotEmpty(t, c.Found, c.Name)
	}
	for _, name := range strings.Fields("podman runtime storage cgroups subids rlimits seccomp images disk canary") {
		assert.Equal(t, "ok", status[name], "%s in %s", name, out)
	}

	code, out, _ = paddock(t, "", "doctor", "--state-dir", dir)
	assert.Equal(t, 0, code)
	assert.Regexp(t, `(?m)^ok +canary +a cell on \S+ kept its limits`, out)
}

func TestDoctorFailsWhereNothingWouldRun(t *testing.T) {
	needPodman(t)
	code, out, _ := paddock(t, "", "doctor", "--state-dir", t.TempDir(), "--sandbox.runtime", "no-such-runtime")
	assert.Equal(t, exitFailed, code)
	assert.Regexp(t, `(?m)^fail +canary .*no-such-runtime`, out)
}

func TestListingCommands(t *testing.T) {
	needPodman(t)
	for _, args := range [][]string{{"languages"}, {"images", "list", "--state-dir", t.TempDir()}} {
		code, out, errText := paddock(t, "", args...)
		assert.Equal(t, 0, code, errText)
		for _, name := range strings.Fields("bash c cpp go javascript python ruby rust") {
			assert.Regexp(t, `(?m)^`+name+` `, out)
		}
	}
}

func TestCommandLineMistakes(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"serv"}, "serv"},
		{[]string{"serve", "--addr", "0.0.0.0:80"}, "no credentials"},
		{[]string{"serve", "--pool.warm", "many"}, "pool.warm"},
		{[]string{"run"}, "requires at least 1 arg"},
		{[]string{"run", "/no/such/file.py"}, "/no/such/file.py"},
		{[]string{"run", "cli_test.txt"}, "cli_test.txt"},
		{[]string{"run", "--limits", "colour=red", "cli_test.go"}, "colour"},
	} {
		t.Run(strings.Join(c.args, " "), func(t *testing.T) {
			code, _, errText := paddock(t, "", c.args...)
			assert.NotZero(t, code)
			assert.Contains(t, errText, c.says)
		})
	}
}
