package sandbox

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// notOurs makes a cell whose cgroup's files nobody on this side may write to, as where systemd or another user namespace owns
// them: each is a link to a file of /proc/sys that not even root can open to write. set lets "the engine" write a value there.
func notOurs(t *testing.T) (c *Cell, h *host, updates *[]Limits) {
	t.Helper()
	c, h = cell(t, func(_ *host, a *fakeAgent, p program) { exits(0)(a, p) })
	for _, name := range []string{"memory.max", "memory.swap.max", "pids.max", "cpu.max"} {
		require.NoError(t, os.Rename(h.cgroupFile(name), h.cgroupFile(name)+".real"))
		require.NoError(t, os.Symlink("/proc/sys/kernel/ngroups_max", h.cgroupFile(name)))
	}
	return c, h, new([]Limits)
}

// enforce stands in for an engine that puts limits in force, in which the given file says something else.
func (h *host) enforce(l Limits, lies ...string) error {
	values := map[string]string{
		"memory.max": "33554432", "memory.swap.max": "0", "pids.max": "17", "cpu.max": "75000 100000",
	}
	if l != other {
		return errors.New("these are not the limits that the test is about")
	}
	for _, name := range lies {
		values[name] = "1"
	}
	for name, value := range values {
		dir := filepath.Dir(h.cgroupFile(name))
		if err := os.Remove(filepath.Join(dir, name)); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(value+"\n"), 0o400); err != nil {
			return err
		}
	}
	return nil
}

// other are limits that a cell does not begin with.
var other = Limits{Memory: 32 << 20, Processes: 9, CPUPercent: 75}

func TestLimitsOfACgroupThatIsNotOurs(t *testing.T) {
	c, h, updates := notOurs(t)
	h.engine.onUpdate = func(name string, l Limits) error {
		assert.Equal(t, c.Name(), name)
		*updates = append(*updates, l)
		return h.enforce(l)
	}
	cmd := command()
	cmd.Limits = other
	for range 2 {
		facts, err := c.Run(t.Context(), cmd)
		require.NoError(t, err)
		assert.Empty(t, facts.Stop)
	}
	assert.Equal(t, []Limits{other}, *updates, "once: they are in force the second time")
}

func TestAnUpdateThatFailsOrLies(t *testing.T) {
	no := errors.New("no")
	for name, update := range map[string]func(h *host, l Limits) error{
		"fails":                     func(*host, Limits) error { return no },
		"does nothing":              func(*host, Limits) error { return nil },
		"forgets the memory":        func(h *host, l Limits) error { return h.enforce(l, "memory.max") },
		"allows swap":               func(h *host, l Limits) error { return h.enforce(l, "memory.swap.max") },
		"forgets the processes":     func(h *host, l Limits) error { return h.enforce(l, "pids.max") },
		"forgets the CPU":           func(h *host, l Limits) error { return h.enforce(l, "cpu.max") },
		"does it, and fails anyhow": func(h *host, l Limits) error { return errors.Join(h.enforce(l), no) },
	} {
		t.Run(name, func(t *testing.T) {
			c, h, _ := notOurs(t)
			h.engine.onUpdate = func(_ string, l Limits) error { return update(h, l) }
			cmd := command()
			cmd.Limits = other
			_, err := c.Run(t.Context(), cmd)
			require.Error(t, err, "nothing runs under limits that are not in force")
			assert.Equal(t, Removed, c.State())
			assert.Zero(t, c.seq, "it was not started")
		})
	}
}

// A cell is not welcome before the limits it begins with are in force.
func TestACellBeginsWithItsLimits(t *testing.T) {
	h := newHost(t)
	h.start(t, Options{MaxCells: 1})
	k := kind("python", 0)
	k.Limits = other
	c := h.mustGet(t, k)
	for name, want := range map[string]string{
		"memory.max": "33554432", "memory.swap.max": "0", "pids.max": "17", "cpu.max": "75000 100000",
	} {
		got, err := os.ReadFile(h.cgroupFile(name))
		require.NoError(t, err)
		assert.Equal(t, want, string(got), name)
	}
	c.Close()
}
