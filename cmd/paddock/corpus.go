package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"paddock/patterns"
)

// corpusFlags are what `paddock patterns corpus` can be told besides the settings.
type corpusFlags struct {
	policy  string
	perFile bool
	json    bool
}

func (e *env) patternsCorpusCommand() *cobra.Command {
	var f corpusFlags
	c := &cobra.Command{
		Use:   "corpus [flags] DIR...",
		Short: "Measure how many of the programs in directories would be refused",
		Long: `Look for danger patterns in every program below some directories, each file a program of its own, and say how many would be
refused, by language and by rule. The interval is where the share of all such programs lies, with 95 % confidence (Wilson), if
these are a fair sample.

Links are not followed. Left out are empty files, those above limits.code, those in no known language, those that can't be read,
and all but the first of those that are the same.`,
		Args: cobra.MinimumNArgs(1),
	}
	c.Flags().StringVar(&f.policy, "policy", "", "what is refused: strict, standard, permissive (default: validate.policy)")
	c.Flags().BoolVar(&f.perFile, "per-file", false, "also name each refused file, with the rules that refuse it")
	c.Flags().BoolVar(&f.json, "json", false, "print the measurement as JSON")
	c.RunE = func(c *cobra.Command, roots []string) error {
		config, err := load(c.Flags(), e.environ)
		if err != nil {
			return err
		}
		k, err := newChecker(config, f.policy)
		if err != nil {
			return err
		}
		m, err := e.measure(c.Context(), k, int64(config.Limits.Code), roots)
		if err != nil {
			return err
		}
		if !f.perFile {
			m.Files = nil
		}
		if f.json {
			return writeJSON(e.out, m)
		}
		return e.writeMeasurement(m)
	}
	return c
}

// measurement is what became of the programs of a corpus.
type measurement struct {
	Policy    string         `json:"policy"`
	Total     count          `json:"total"`
	Languages []count        `json:"languages"`
	Rules     []ruleCount    `json:"rules"` // that refuse programs, the busiest first
	LeftOut   map[string]int `json:"left_out"`
	Files     []refusedFile  `json:"files,omitempty"`
}

// count is of programs. Share, Low and High are 0 to 1.
type count struct {
	Language string  `json:"language,omitempty"`
	Programs int     `json:"programs"`
	Refused  int     `json:"refused"`
	Share    float64 `json:"share"` // refused
	Low      float64 `json:"low"`   // with High, the 95 % confidence interval of Share
	High     float64 `json:"high"`
	Warned   int     `json:"warned"` // not refused, with a warning
}

type ruleCount struct {
	Rule     string     `json:"rule"`
	Programs int        `json:"programs"` // that it refuses; others may refuse them too
	Share    float64    `json:"share"`    // of all programs
	Places   []sighting `json:"places"`   // the first few
}

type sighting struct {
	Place   string `json:"place"`
	Excerpt string `json:"excerpt"`
}

type refusedFile struct {
	File     string   `json:"file"`
	Language string   `json:"language"`
	Rules    []string `json:"rules"`
}

// sightingsPerRule is how many places of a rule a measurement names, each in another file.
const sightingsPerRule = 3

// Why a file is not a program to measure.
const (
	leftUnknown    = "no known language"
	leftEmpty      = "empty"
	leftLarge      = "above limits.code"
	leftUnreadable = "can't be read"
	leftSame       = "same as another"
)

// sample is what became of one file.
type sample struct {
	leftOut  string // why it is no program; empty when it is one
	sum      [sha256.Size]byte
	language string
	hits     []hit // one for each rule
	warned   bool
}

type hit struct {
	rule  string
	first sighting
}

// corpusFile is a file below a directory. No link leads out of there.
type corpusFile struct{ dir, path string }

func (f corpusFile) name() string { return filepath.Join(f.dir, f.path) }

// measure looks at all files below directories, several at a time. What it says does not depend on their order.
func (e *env) measure(ctx context.Context, k *checker, most int64, dirs []string) (m measurement, err error) {
	var files []corpusFile
	for _, dir := range dirs {
		found, err := filesBelow(ctx, dir)
		if err != nil {
			return m, err
		}
		files = append(files, found...)
	}
	var done atomic.Int64
	stop := e.progress(&done, len(files))
	defer stop()
	samples := make([]sample, len(files))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i, f := range files {
		g.Go(func() (err error) {
			samples[i], err = k.sample(ctx, f, most)
			done.Add(1)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return m, err
	}
	return sumUp(k.policy, files, samples), nil
}

// filesBelow are the regular files of a directory, by path. Directories in it that can't be read are passed over.
func filesBelow(ctx context.Context, dir string) (files []corpusFile, err error) {
	switch info, err := os.Stat(dir); {
	case err != nil:
		return nil, err
	case !info.IsDir():
		return nil, fmt.Errorf("%s is no directory", dir)
	}
	err = fs.WalkDir(os.DirFS(dir), ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && path != ".":
			return nil
		case err != nil:
			return err
		case d.Type().IsRegular():
			files = append(files, corpusFile{dir, path})
		}
		return nil
	})
	return files, err
}

// progress tells on stderr how far it is, when it takes long.
func (e *env) progress(done *atomic.Int64, all int) (stop func()) {
	const often = 10 * time.Second
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(often)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				_, _ = fmt.Fprintf(e.err, "%d of %d files\n", done.Load(), all)
			case <-end:
				return
			}
		}
	}()
	return func() { close(end); <-ended }
}

// sample looks at one file. Only that ctx has ended, or that its language has no rules, is an error.
func (k *checker) sample(ctx context.Context, f corpusFile, most int64) (sample, error) {
	data, leftOut := f.read(most)
	if leftOut != "" {
		return sample{leftOut: leftOut}, nil
	}
	d, ok := k.told(f.path, data)
	if !ok {
		return sample{leftOut: leftUnknown}, nil
	}
	findings, err := k.check(ctx, codeFile{name: f.name(), data: data, dialect: d})
	if err != nil {
		return sample{}, err
	}
	s := sample{language: d.name, sum: sha256.Sum256(data)}
	for _, finding := range findings {
		switch {
		case finding.Severity != patterns.Block:
			s.warned = true
		case !slices.ContainsFunc(s.hits, func(h hit) bool { return h.rule == finding.Rule }):
			s.hits = append(s.hits, hit{finding.Rule, sighting{place(finding), finding.Excerpt}})
		}
	}
	return s, nil
}

// read also tells why a file is no program, if it is none.
func (f corpusFile) read(most int64) (data []byte, leftOut string) {
	file, err := os.OpenInRoot(f.dir, f.path)
	if err != nil {
		return nil, leftUnreadable
	}
	defer func() { _ = file.Close() }()
	data, err = io.ReadAll(io.LimitReader(file, most+1))
	switch {
	case err != nil:
		return nil, leftUnreadable
	case int64(len(data)) > most:
		return nil, leftLarge
	case len(bytes.TrimSpace(data)) == 0:
		return nil, leftEmpty
	}
	return data, ""
}

// sumUp counts. files and samples belong together by index.
func sumUp(policy string, files []corpusFile, samples []sample) measurement {
	m := measurement{Policy: policy, Languages: []count{}, Rules: []ruleCount{}, LeftOut: map[string]int{}}
	languages, rules := map[string]*count{}, map[string]*ruleCount{}
	seen := map[[sha256.Size]byte]bool{}
	for i, s := range samples {
		if s.leftOut == "" && seen[s.sum] {
			s.leftOut = leftSame
		}
		seen[s.sum] = true
		if s.leftOut != "" {
			m.LeftOut[s.leftOut]++
			continue
		}
		m.Total.add(s)
		at(languages, s.language).add(s)
		var ids []string
		for _, h := range s.hits {
			at(rules, h.rule).add(h)
			ids = append(ids, h.rule)
		}
		if len(ids) > 0 {
			m.Files = append(m.Files, refusedFile{files[i].name(), s.language, ids})
		}
	}
	m.Total.finish("")
	for _, name := range slices.Sorted(maps.Keys(languages)) {
		m.Languages = append(m.Languages, languages[name].finish(name))
	}
	for _, id := range slices.Sorted(maps.Keys(rules)) {
		m.Rules = append(m.Rules, rules[id].finish(id, m.Total.Programs))
	}
	slices.SortStableFunc(m.Rules, func(a, b ruleCount) int { return cmp.Compare(b.Programs, a.Programs) })
	return m
}

// at is the count under a key, which begins with nothing.
func at[T any](all map[string]*T, key string) *T {
	if all[key] == nil {
		all[key] = new(T)
	}
	return all[key]
}

func (t *count) add(s sample) {
	t.Programs++
	switch {
	case len(s.hits) > 0:
		t.Refused++
	case s.warned:
		t.Warned++
	}
}

func (t *count) finish(language string) count {
	t.Language = language
	t.Share = share(t.Refused, t.Programs)
	t.Low, t.High = wilson(t.Refused, t.Programs)
	return *t
}

func (t *ruleCount) add(h hit) {
	t.Programs++
	if len(t.Places) < sightingsPerRule {
		t.Places = append(t.Places, h.first)
	}
}

func (t *ruleCount) finish(id string, programs int) ruleCount {
	t.Rule = id
	t.Share = share(t.Programs, programs)
	return *t
}

func share(k, n int) float64 { return float64(k) / float64(max(1, n)) }

// wilson is the interval in which a share lies with 95 % confidence when k of n were counted (Wilson, 1927). Unlike the usual
// one it holds for few and for none.
func wilson(k, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959963984540054 // 97.5 % of a normal distribution lie below it
	p, m := float64(k)/float64(n), float64(n)
	middle := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return max(0, middle-half), min(1, middle+half)
}

// writeMeasurement prints it as tables.
func (e *env) writeMeasurement(m measurement) error {
	err := e.table("LANGUAGE\tPROGRAMS\tREFUSED\tSHARE\t95 % CONFIDENCE\tWARNED", func(w io.Writer) {
		for _, t := range m.Languages {
			t.writeRow(w, t.Language)
		}
		m.Total.writeRow(w, "all")
	})
	if err != nil {
		return err
	}
	out := &bytes.Buffer{}
	fmt.Fprintf(out, "\npolicy %s", m.Policy)
	for _, why := range slices.Sorted(maps.Keys(m.LeftOut)) {
		fmt.Fprintf(out, "; left out, %s: %d", why, m.LeftOut[why])
	}
	fmt.Fprintln(out)
	for _, r := range m.Rules {
		fmt.Fprintf(out, "\n%s refuses %d (%s)\n", r.Rule, r.Programs, percent(r.Share))
		for _, p := range r.Places {
			fmt.Fprintf(out, "    %s  %s\n", p.Place, p.Excerpt)
		}
	}
	if len(m.Files) > 0 {
		fmt.Fprintln(out)
	}
	for _, f := range m.Files {
		fmt.Fprintf(out, "%s: %s\n", printable(f.File), strings.Join(f.Rules, " "))
	}
	_, err = out.WriteTo(e.out)
	return err
}

func (t *count) writeRow(w io.Writer, name string) {
	_, _ = fmt.Fprintf(w, "%s\t%d\t%d\t%s\t%s to %s\t%d\n",
		name, t.Programs, t.Refused, percent(t.Share), percent(t.Low), percent(t.High), t.Warned)
}

func percent(share float64) string { return fmt.Sprintf("%.2f %%", 100*share) }
