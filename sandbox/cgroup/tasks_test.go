package cgroup

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRunnable(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  bool
	}{
		"v1, all asleep": {with(v1Files, map[string]string{v1Pids + "tasks": "1\n2\n", "proc/1/stat": "1 (a) S 0", "proc/2/stat": "2 (R) R) S 0"}), false},
		"v1, one works":  {with(v1Files, map[string]string{v1Pids + "tasks": "1\n2\n", "proc/1/stat": "1 (a) S 0", "proc/2/stat": "2 (S) S) R 0"}), true},
		"v1, gone":       {with(v1Files, map[string]string{v1Pids + "tasks": "3\n"}), false},
		"v2":             {with(v2Files(), map[string]string{v2Cell + "cgroup.threads": "1\n", "proc/1/stat": "1 (a) R 0"}), true},
		"v2, one level down": {with(v2Files(), map[string]string{
			v2Cell + "cgroup.threads": "", v2Cell + "container/cgroup.threads": "1\n", "proc/1/stat": "1 (a) R 0",
		}), true},
		"v2, nonsense": {with(v2Files(), map[string]string{v2Cell + "cgroup.threads": "1\n", "proc/1/stat": "1"}), false},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := open(t, host(t, c.files)).Runnable()
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
	_, err := open(t, host(t, v1Files)).Runnable()
	assert.Error(t, err, "where nothing can be seen nothing is said")
}
