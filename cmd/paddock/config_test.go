package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
)

func loadArgs(t *testing.T, environ []string, args ...string) (Config, error) {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	addFlags(flags)
	require.NoError(t, flags.Parse(args))
	return load(flags, environ)
}

func yamlFile(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	return path
}

func TestEverySettingHasHelpAndNothingSetGivesTheDefaults(t *testing.T) {
	for _, s := range settings() {
		assert.NotEmpty(t, s.help, s.key)
		assert.NotEmpty(t, s.key)
	}
	c, err := loadArgs(t, nil)
	require.NoError(t, err)
	assert.Equal(t, defaults(), c)
}

func TestFlagsOverVariablesOverFileOverDefaults(t *testing.T) {
	file := yamlFile(t, "addr: 127.0.0.1:1\npool: {warm: 1, max_cells: 11, language: {python: 9}}\nlimits: {default: {timeout: 1s, memory: 64MiB}}\n")
	environ := []string{"PATH=/bin", "PADDOCK_POOL_WARM=2", "PADDOCK_LIMITS_DEFAULT_TIMEOUT=2s", "PADDOCK_TEST_PODMAN=ignored"}
	c, err := loadArgs(t, environ, "--config", file, "--limits.default.timeout=3s", "--pool.language=go=1,c=2")
	require.NoError(t, err)
	assert.Equal(t, 3*time.Second, c.Limits.Default.Timeout, "flag")
	assert.Equal(t, 2, c.Pool.Warm, "variable")
	assert.Equal(t, 11, c.Pool.MaxCells, "file")
	assert.Equal(t, Size(64*mib), c.Limits.Default.Memory, "file")
	assert.Equal(t, defaults().Limits.Max, c.Limits.Max, "default")
	assert.Equal(t, map[string]int{"go": 1, "c": 2}, c.Pool.Language)
}

func TestBadSettingsAreErrorsThatNameThem(t *testing.T) {
	for _, c := range []struct {
		name, file, wants string
		environ, args     []string
	}{
		{name: "unknown key", file: "pool: {wram: 1}", wants: "wram"},
		{name: "unknown variable", environ: []string{"PADDOCK_POOL_WRAM=1"}, wants: "PADDOCK_POOL_WRAM"},
		{name: "no size", args: []string{"--limits.code=many"}, wants: "many"},
		{name: "no duration", args: []string{"--limits.default.timeout=soon"}, wants: "limits.default.timeout"},
		{name: "zero cells", args: []string{"--pool.max-cells=0"}, wants: "pool.max_cells"},
		{name: "negative grace", args: []string{"--limits.grace=-1s"}, wants: "limits.grace"},
		{name: "too little memory", args: []string{"--limits.default.memory=1MiB"}, wants: "limits.default"},
		{name: "no pairs", args: []string{"--pool.language=python"}, wants: "python"},
		{name: "no time to look at code", args: []string{"--validate.deadline=0s"}, wants: "validate.deadline"},
		{name: "no tier", args: []string{"--validate.tiers=GOLD=strict"}, wants: `"GOLD" is none of FREE, BASIC, PRO, ENTERPRISE`},
		{name: "negative size of files", args: []string{"--anomaly.rotate-size=-1"}, wants: "anomaly.rotate_size"},
		{name: "less for all than for one", args: []string{"--anomaly.max-total=1MiB"}, wants: "anomaly.max_total: 1MiB is less"},
		{name: "all of it in two files", args: []string{"--anomaly.max-total=127MiB"}, wants: "anomaly.max_total: 127MiB is less"},
		{name: "a small file", args: []string{"--anomaly.rotate-size=1000KiB"}, wants: "anomaly.rotate_size: 1000KiB is less"},
		{name: "a young file", args: []string{"--anomaly.rotate-age=59m"}, wants: "anomaly.rotate_age: 59m0s is less"},
		{name: "kept for less than written to", args: []string{"--anomaly.keep=23h"}, wants: "anomaly.keep: 23h0m0s is less"},
		{name: "hardly kept", args: []string{"--anomaly.rotate-age=0", "--anomaly.keep=1m"}, wants: "anomaly.keep: 1m0s is less"},
		{name: "not YAML", file: "{", wants: "config.yaml"},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := c.args
			if c.file != "" {
				args = append(args, "--config", yamlFile(t, c.file))
			}
			_, err := loadArgs(t, c.environ, args...)
			require.Error(t, err)
			assert.Contains(t, err.Error(), c.wants)
		})
	}
	_, err := loadArgs(t, nil, "--config", "/no/such/file")
	require.ErrorContains(t, err, "/no/such/file")
}

func TestPrintedConfigurationReadsBack(t *testing.T) {
	c := defaults()
	c.Pool.Language = map[string]int{"python": 3}
	c.Containers.Images = map[string]string{"tools": "localhost/tools:1"}
	c.Validate.Tiers = map[string]string{"FREE": "strict", "PRO": "permissive"}
	c.AllowedHosts = []string{"a.example", "b.example"}
	var out bytes.Buffer
	require.NoError(t, writeConfig(&out, c))
	back, err := loadArgs(t, nil, "--config", yamlFile(t, out.String()))
	require.NoError(t, err, out.String())
	assert.Equal(t, c, back)
}

func TestAnomalyOptions(t *testing.T) {
	assert.Equal(t, anomalylog.Options{MaxSize: mib, MaxAge: time.Hour, Keep: 2 * time.Hour, MaxTotal: 3 * mib},
		anomalyOptions(AnomalyConfig{RotateSize: mib, RotateAge: time.Hour, Keep: 2 * time.Hour, MaxTotal: 3 * mib}))
}

func TestSizes(t *testing.T) {
	for text, want := range map[string]Size{"64MiB": 64 * mib, "1g": 1 << 30, "65536": 64 << 10, "1KiB": 1024, "7": 7} {
		var s Size
		require.NoError(t, s.UnmarshalText([]byte(text)))
		assert.Equal(t, want, s)
		var again Size
		require.NoError(t, again.UnmarshalText([]byte(s.String())))
		assert.Equal(t, s, again, s.String())
	}
}
