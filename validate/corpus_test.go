package validate_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"paddock/validate"
)

// sample is a dangerous program, as the files in testdata/danger hold them.
type sample struct {
	Name     string `yaml:"name"`
	Language string `yaml:"language"`
	Form     string `yaml:"form"` // plain, or rewritten so that words don't show
	Code     string `yaml:"code"`
}

// targets are the shares of plain samples that must be caught (issue 4). What is rewritten is reported and no more: there is
// always one more way to write it.
var targets = map[string]float64{
	"fork_bomb": 0.95, "reverse_shell": 0.95, "crypto_mining": 0.95, "destructive": 0.95,
	"process_exec": 0.85, "dynamic_eval": 0.85,
	"network_scan": 0.85, "download_execute": 0.85, "sandbox_probe": 0.85,
}

// TestCorpusOfDanger counts what is caught of samples written by somebody who had not seen the rules.
func TestCorpusOfDanger(t *testing.T) {
	v := builtIn(t)
	for class, target := range targets {
		data, err := os.ReadFile(filepath.Join("testdata", "danger", class+".yaml"))
		require.NoError(t, err)
		var samples []sample
		require.NoError(t, yaml.Unmarshal(data, &samples))
		caught, all, missed := map[string]int{}, map[string]int{}, map[string]int{}
		for _, s := range samples {
			all[s.Form]++
			if refused(t, v, s.Language, s.Code) != nil {
				caught[s.Form]++
			} else {
				missed[s.Form+" "+s.Language]++
			}
		}
		t.Logf("%-18s plain %d of %d, rewritten %d of %d; missed %v", class, caught["plain"], all["plain"], caught["rewritten"], all["rewritten"], missed)
		require.Positive(t, all["plain"], class)
		assert.GreaterOrEqual(t, float64(caught["plain"])/float64(all["plain"]), target, class)
	}
}

// refused are the rules that refuse a program.
func refused(t *testing.T, v *validate.Validator, language, code string) (rules []string) {
	t.Helper()
	r, err := v.Check(t.Context(), validate.Request{Files: []validate.File{{Name: "main", Data: []byte(code), Languages: []string{language}}}})
	require.NoError(t, err)
	blocking, _ := r.Split()
	for _, f := range blocking {
		rules = append(rules, f.Rule)
	}
	return rules
}

// Of ordinary programs, written by somebody who had not seen the rules, at most 0.5 % may be refused, and in no language more than
// one of the few there are here.
func TestCorpusOfOrdinaryPrograms(t *testing.T) {
	v := builtIn(t)
	all, wrong := 0, map[string][]string{}
	require.NoError(t, filepath.WalkDir(filepath.Join("testdata", "ordinary"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		code, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		all++
		language := filepath.Base(filepath.Dir(path))
		if rules := refused(t, v, language, string(code)); rules != nil {
			wrong[language] = append(wrong[language], fmt.Sprint(rules))
		}
		return nil
	}))
	total := 0
	for language, rules := range wrong {
		slices.Sort(rules)
		t.Logf("%s: %s", language, strings.Join(rules, " "))
		total += len(rules)
		assert.LessOrEqual(t, len(rules), 1, language)
	}
	t.Logf("%d of %d refused", total, all)
	require.Greater(t, all, 200)
	assert.LessOrEqual(t, float64(total)/float64(all), 0.005)
}
