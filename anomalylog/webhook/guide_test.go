package webhook

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The snippet that the operations guide shows receivers does what it says.
func TestTheGuidesVerification(t *testing.T) {
	if _, err := exec.LookPath("python3"); err != nil && os.Getenv("CI") == "" {
		t.Skip("needs python3, to run what the guide shows")
	}
	guide, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(guide), "```python\n")
	require.True(t, ok)
	snippet, _, _ := strings.Cut(rest, "```")
	for _, c := range []struct {
		name, secret string
		at           time.Time
		want         string
	}{
		{"right", "sesame", time.Now(), "True"}, {"another secret", "other", time.Now(), "False"},
		{"too old", "sesame", time.Now().Add(-time.Hour), "False"},
	} {
		body := []byte(`{"a":"ü"}`)
		cmd := exec.Command("python3", "-c", snippet+`
import sys
print(verify(b"sesame", sys.argv[1], sys.stdin.buffer.read()))`, sign(c.secret, body, c.at))
		cmd.Stdin = bytes.NewReader(body)
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
		assert.Equal(t, c.want, strings.TrimSpace(string(out)), c.name)
	}
}
