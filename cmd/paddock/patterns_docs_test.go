package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/patterns"
)

// docs/patterns.md has a rule file, a program and settings, and commands: these run, and what is printed below the last of a
// block is what it prints.
func TestPatternsGuideShowsWhatHappens(t *testing.T) {
	guide, err := os.ReadFile("../../docs/patterns.md")
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(dir, "examples"), os.DirFS("../../examples")))
	require.NoError(t, os.Mkdir(filepath.Join(dir, "rules"), 0o700))
	t.Chdir(dir)
	files := map[string][]string{"yaml": {"rules/grades.yaml", "rules/packages.yaml"}, "python": {"grades.py"}}
	var printed string
	for i, block := range strings.Split(string(guide), "\n```") {
		kind, body, _ := strings.Cut(block, "\n")
		body += "\n"
		switch names := files[kind]; {
		case i%2 == 0: // the text between blocks
		case kind == "sh":
			printed = runShown(t, body)
		case kind == "text":
			assert.Equal(t, body, printed)
		case len(names) > 0:
			require.NoError(t, os.WriteFile(names[0], []byte(body), 0o600))
			files[kind] = names[1:]
		default:
			require.Equal(t, "yaml", kind)
			c, err := loadArgs(t, nil, "--config", yamlFile(t, body))
			require.NoError(t, err)
			assert.Equal(t, map[string]string{"FREE": "strict", "PRO": "permissive"}, c.Validate.Tiers)
			c.Validate.Rules = "rules"
			_, err = loadRules(c)
			require.NoError(t, err)
		}
	}
	assert.Empty(t, files["yaml"])
	assert.Empty(t, files["python"])
}

// runShown runs the commands of a block and returns what the last one prints.
func runShown(t *testing.T, block string) (printed string) {
	t.Helper()
	for line := range strings.Lines(block) {
		command, remark, _ := strings.Cut(strings.TrimSpace(line), "#")
		words := strings.Fields(command)
		require.Equal(t, "paddock", words[0])
		want := 0
		if strings.Contains(remark, "exits with 1") {
			want = 1
		}
		code, out, errText := paddock(t, "", words[1:]...)
		require.Equal(t, want, code, "%s: %s%s", line, out, errText)
		printed = out
	}
	return printed
}

// The guide's tables name every key, category and policy that there is.
func TestPatternsGuideIsComplete(t *testing.T) {
	guide, err := os.ReadFile("../../docs/patterns.md")
	require.NoError(t, err)
	set, err := loadSet(defaults().Validate)
	require.NoError(t, err)
	for _, c := range patterns.Categories {
		assert.Contains(t, string(guide), string(c))
	}
	for _, policy := range set.Policies() {
		assert.Contains(t, string(guide), "| `"+policy+"` |")
	}
	for _, key := range keysOf[patterns.Rule]() {
		assert.Regexp(t, "(?m)^\\|.*`"+key+"`.* \\|", string(guide), "a row about %s", key)
	}
	for _, key := range keysOf[patterns.Language]() {
		assert.Contains(t, string(guide), "`"+key+"`")
	}
}

// keysOf are the yaml keys of a struct.
func keysOf[T any]() (keys []string) {
	for t, i := reflect.TypeFor[T](), 0; i < t.NumField(); i++ {
		if key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); key != "" && key != "-" {
			keys = append(keys, key)
		}
	}
	return keys
}
