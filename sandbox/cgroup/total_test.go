package cgroup

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCPUOfAnInstance(t *testing.T) {
	for name, c := range map[string]struct {
		file, text string
		want       time.Duration
		wrong      string
	}{
		"v1":              {"cpuacct/paddock_ab1/cpuacct.usage", "1500000000\n", 1500 * time.Millisecond, ""},
		"v2":              {"paddock_ab1/cpu.stat", "usage_usec 2500000\nuser_usec 1\n", 2500 * time.Millisecond, ""},
		"v2 by systemd":   {"paddock_ab1.slice/cpu.stat", "usage_usec 7\n", 7 * time.Microsecond, ""},
		"nobody's yet":    {"cpuacct/paddock_other/cpuacct.usage", "9\n", 0, ""},
		"no number":       {"cpuacct/paddock_ab1/cpuacct.usage", "many\n", 0, "CPU time of paddock_ab1"},
		"nothing of ours": {"paddock_ab1/cpu.stat", "user_usec 1\n", 0, "CPU time of paddock_ab1"},
	} {
		root := t.TempDir()
		path := filepath.Join(root, "sys/fs/cgroup", c.file)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(c.text), 0o600))
		got, err := CPU(root, "ab-1")
		assert.Equal(t, c.want, got, name)
		if c.wrong == "" {
			assert.NoError(t, err, name)
		} else {
			assert.ErrorContains(t, err, c.wrong, name)
		}
	}
}
