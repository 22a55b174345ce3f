package images

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBootstrapCalledOffCleansUp calls the bootstrap off while it unpacks: nothing may stay mounted in its directory.
func TestBootstrapCalledOffCleansUp(t *testing.T) {
	socket(t)
	_, err := exec.LookPath(bootstrap)
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755)) // apt's own user has to get in
	t.Setenv("TMPDIR", dir)
	tar, err := os.Create(filepath.Join(dir, "debian.tar"))
	require.NoError(t, err)
	defer tar.Close()

	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
	defer cancel()
	out := newProgress(t.Output()).follow("base", "bootstrap", true)
	defer out.Close()
	began := time.Now()
	require.Error(t, runBootstrap(ctx, tar, out))
	assert.Less(t, time.Since(began), 10*time.Second)
	left, err := filepath.Glob(filepath.Join(dir, "mmdebstrap*"))
	require.NoError(t, err)
	assert.Empty(t, left)
}
