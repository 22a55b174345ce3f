package doctor

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheTwoForms(t *testing.T) {
	a, b, c := okf("Linux %s", "6.1"), warnf("vfs").do("change it"), failf("no\n\tPodman \xff")
	a.Name, b.Name, c.Name = "kernel", "storage", "podman"
	b.Advisories = []Standing{{Advisory: Advisory{ID: "CVE-2024-21626", Component: "runc", Severity: "high", Reach: FromImage}, Open: true, FixedIn: "1.1.12"}}
	r := Report{Checks: []Check{a, b, c}}
	assert.True(t, r.Failed())

	var text strings.Builder
	require.NoError(t, r.WriteText(&text))
	assert.Equal(t, `ok    kernel   Linux 6.1
warn  storage  vfs  -> change it
fail  podman   no Podman ?
1 ok, 1 warn, 1 fail
`, text.String())

	var out strings.Builder
	require.NoError(t, r.WriteJSON(&out))
	assert.JSONEq(t, `{"failed": true, "counts": {"ok": 1, "warn": 1, "fail": 1}, "checks": [
		{"name": "kernel", "status": "ok", "found": "Linux 6.1"},
		{"name": "storage", "status": "warn", "found": "vfs", "advice": "change it", "advisories": [
			{"id": "CVE-2024-21626", "component": "runc", "severity": "high", "what": "", "reach": "image", "open": true, "fixed_in": "1.1.12"}]},
		{"name": "podman", "status": "fail", "found": "no Podman ?"}]}`, out.String())
}

func TestAnEmptyReportIsJSONToo(t *testing.T) {
	var out strings.Builder
	require.NoError(t, Report{}.WriteJSON(&out))
	assert.True(t, json.Valid([]byte(out.String())))
	assert.Contains(t, out.String(), `"checks": []`)
	assert.False(t, Report{}.Failed())
}

func TestOneLineIsBounded(t *testing.T) {
	got := okf("%s", strings.Repeat("x\ny", 10_000)).Found
	assert.Less(t, len(got), 2100)
	assert.NotContains(t, got, "\n")
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWritersTellWhatWentWrong(t *testing.T) {
	assert.ErrorContains(t, Report{}.WriteText(broken{}), "disk full")
	assert.ErrorContains(t, Report{}.WriteJSON(broken{}), "disk full")
}
