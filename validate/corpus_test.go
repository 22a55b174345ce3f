package validate_test

import (
	"fmt"
	"os"
	"path/filepath"
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

// targets are the shares of plain samples that must be caught, and of what (issue 4; the last group is our own). What is rewritten is
// reported and no more: there is always one more way to write it.
var targets = []struct {
	share   float64
	classes []string
}{
	{0.95, []string{"fork_bomb", "reverse_shell", "crypto_mining", "destructive"}},
	{0.85, []string{"process_exec", "dynamic_eval"}},
	{0.85, []string{"network_scan", "download_execute", "sandbox_probe"}},
}

// Two sets were written by people who had not seen the rules. The first one has been used since to make the rules better; the other
// one has not, and tells what they are worth.
var sets = []struct{ name, dir string }{{"tuning", "testdata"}, {"unseen", filepath.Join("testdata", "unseen")}}

func TestCorpusOfDanger(t *testing.T) {
	v := builtIn(t)
	for _, set := range sets {
		for _, target := range targets {
			t.Run(set.name+"/"+strings.Join(target.classes, "+"), func(t *testing.T) {
				caught, all := 0, 0
				for _, class := range target.classes {
					n, of := countCaught(t, v, filepath.Join(set.dir, "danger", class+".yaml"))
					caught, all = caught+n, all+of
				}
				assert.GreaterOrEqual(t, float64(caught)/float64(all), target.share, "%d of %d", caught, all)
			})
		}
	}
}

// countCaught is how many plain samples of a file are refused, of how many.
func countCaught(t *testing.T, v *validate.Validator, path string) (plain, of int) {
	t.Helper()
	data, err := os.ReadFile(path)
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
	require.Positive(t, all["plain"])
	t.Logf("%s: plain %d of %d, rewritten %d of %d; missed %v",
		filepath.Base(path), caught["plain"], all["plain"], caught["rewritten"], all["rewritten"], missed)
	return caught["plain"], all["plain"]
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

// At most 0.5 % of ordinary programs may be refused (issue 4), and in no language more than one of the few there are here.
func TestCorpusOfOrdinaryPrograms(t *testing.T) {
	v := builtIn(t)
	for _, set := range sets {
		t.Run(set.name, func(t *testing.T) {
			all, wrong := 0, map[string][]string{}
			files, err := filepath.Glob(filepath.Join(set.dir, "ordinary", "*", "*"))
			require.NoError(t, err)
			for _, path := range files {
				code, err := os.ReadFile(path)
				require.NoError(t, err)
				all++
				language := filepath.Base(filepath.Dir(path))
				if rules := refused(t, v, language, string(code)); rules != nil {
					wrong[language] = append(wrong[language], fmt.Sprint(rules))
				}
			}
			total := 0
			for language, rules := range wrong {
				t.Logf("%s: %s", language, strings.Join(rules, " "))
				total += len(rules)
				assert.LessOrEqual(t, len(rules), 1, language)
			}
			t.Logf("%d of %d refused", total, all)
			require.Greater(t, all, 200)
			assert.LessOrEqual(t, float64(total)/float64(all), 0.005)
		})
	}
}
