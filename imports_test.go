// Package paddock has no code of its own. Its test holds who may import whom.
package paddock

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// allowed is every import of one room by another, with its reason. What is not here is refused: a new line is a decision
// about the design. cmd/paddock wires everything and may import every room; nobody imports a cmd.
var allowed = []struct{ room, imports, why string }{
	{"api", "runner", "a request becomes a job; api is the only room that knows HTTP"},
	{"api", "validate", "code is looked at before it is run"},
	{"api", "quota", "and so is whose it is"},
	{"api", "monitor", "and how loaded the host is"},
	{"api", "anomalylog", "what is odd is written down"},
	{"anomalylog/webhook", "anomalylog", "what others are told of"},
	{"validate", "patterns", "the rules are data; the matching is not"},
	{"quota/redisstore", "quota", "a store of what quota decides"},
	{"store", "quota", "what is stored"},
	{"quota/storetest", "quota", "what every store must do"},
	{"runner", "languages", "what to run for a job in a language"},
	{"runner", "sandbox", "where to run it; the cut for many machines is at runner, so nothing above knows cells"},
	{"runner", "sandbox/wire", "the files of a job, and where they go in a cell"},
	{"sandbox", "sandbox/cgroup", "limits and counts of a cell"},
	{"sandbox", "sandbox/wire", "what is said to a cell's agent"},
	{"sandbox/podman", "sandbox", "it is an engine for cells; sandbox itself does not know that Podman exists"},
	{"sandbox/podman", "sandbox/cgroup", "how systemd wants the parent of a cell's cgroup named"},
	{"sandbox/podman", "sandbox/wire", "where things are inside a cell"},
	{"images", "languages", "what to build"},
	{"images", "sandbox/podman", "what builds it"},
	{"audit", "sandbox/wire", "where a cell can be written to, and who runs there"},
	{"cmd/paddock-audit", "audit", "what to try, and how to say how it ended"},
	{"cmd/paddock-agent", "sandbox/wire", "what the server says to it; it is in every cell, so it is small and knows nothing else"},
}

// walls are dependencies that must not come about by any chain of imports, however each link is allowed.
var walls = []struct{ room, reaches, why string }{
	{"api", "sandbox/podman", "an API node may have no Podman"},
	{"runner", "sandbox/podman", "a runner is tested without Podman"},
	{"validate", "sandbox", "the validator is a first filter, never what keeps the host safe"},
	{"sandbox", "validate", "as above: a cell holds whatever is in it"},
	{"quota", "sandbox", "admission is decided before there is a cell"},
	{"monitor", "sandbox", "the host's load is the host's, not a cell's"},
	{"audit", "sandbox", "it judges what it is shown; a weak container as well as a cell"},
	{"sandbox", "runner", "imports go one way"},
	{"runner", "api", "imports go one way"},
}

// owned are libraries that few rooms may know, by the beginning of their import path.
var owned = []struct {
	library string
	owners  []string
	why     string
}{
	{"github.com/containers/", []string{"sandbox/podman"}, "nobody else needs to know that Podman exists"},
	{"go.podman.io/", []string{"sandbox/podman"}, "nobody else needs to know that Podman exists"},
	{"github.com/danielgtaylor/huma/", []string{"api"}, "only api knows HTTP"},
	{"github.com/go-chi/chi/", []string{"api", "cmd/paddock"}, "only api knows HTTP, and the program what it serves it with"},
	{"github.com/redis/", []string{"quota/redisstore", "cmd/paddock"}, "quota decides, a store keeps"},
	{"github.com/pressly/goose/", []string{"store"}, "SQL stays in one room"},
	{"modernc.org/sqlite", []string{"store"}, "SQL stays in one room"},
	{"database/sql", []string{"store"}, "SQL stays in one room"},
	{"github.com/prometheus/", []string{"cmd/paddock"}, "rooms count, the program tells"},
	{"go.opentelemetry.io/", []string{"cmd/paddock"}, "rooms tell what happens, the program makes traces of it"},
	{"github.com/dlclark/regexp2", []string{"validate"}, "patterns are data"},
	{"github.com/shirou/gopsutil/", []string{"monitor"}, "the host's load is looked at in one place"},
	{"code.dny.dev/ssrf", []string{"anomalylog/webhook"}, "one room calls others, and looks at whom"},
	{"github.com/cenkalti/backoff/", []string{"anomalylog/webhook"}, "nothing else is tried again and again"},
	{"github.com/sony/gobreaker/", []string{"monitor/breaker"}, "rooms are guarded by whoever puts them together"},
	{"github.com/spf13/", []string{"cmd/paddock"}, "rooms get options, not flags"},
	{"github.com/knadh/koanf/", []string{"cmd/paddock"}, "rooms get options, not files"},
}

// only are rooms that may import nothing else, beside what allowed says, but the standard library without these packages.
var only = []struct {
	room      string
	libraries []string
	notEven   []string
	why       string
}{
	{"cmd/paddock-agent", []string{"golang.org/x/sys/unix"}, []string{"net", "net/http", "encoding/json", "os/exec", "log"},
		"it is in every cell: each import is memory of every cell, and is within a guest's reach"},
	{"cmd/paddock-audit", []string{"golang.org/x/sys/unix"}, []string{"net/http", "log"}, "it travels into a cell for each audit"},
	{"sandbox/wire", []string{"golang.org/x/sys/unix"}, []string{"net", "net/http", "encoding/json"}, "the agent imports it"},
	{"sandbox/cgroup", []string{"golang.org/x/sys/unix"}, []string{"net/http", "os/exec"}, "it reads and writes kernel files"},
	{"validate", []string{"github.com/dlclark/regexp2", "golang.org/x/text/unicode/norm"}, []string{"os", "net", "net/http", "os/exec", "log"},
		"it reads what nobody trusts, and does nothing else"},
	{"runner", []string{"github.com/google/uuid", "golang.org/x/sys/unix"}, []string{"net/http"}, "only api knows HTTP"},
	{"sandbox", []string{"github.com/google/uuid", "github.com/rs/zerolog", "golang.org/x/sync/errgroup", "golang.org/x/sys/unix"},
		[]string{"net/http", "os/exec"}, "an engine makes containers, not the pool"},
}

const module = "paddock"

// imports is what each room imports: rooms without the module's name, everything else as it is.
type imports map[string][]string

// load asks the go command, which applies the build tags of its environment. Tests may import what they like.
func load(t *testing.T) imports {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "go list: %s", &stderr)
	found := imports{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			return found
		}
		require.NoError(t, err)
		found[room(p.ImportPath)] = p.Imports
		for i, path := range p.Imports {
			p.Imports[i] = room(path)
		}
	}
}

func room(path string) string { return strings.TrimPrefix(path, module+"/") }

func (im imports) isRoom(path string) bool { _, ok := im[path]; return ok }

func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// broken says, a line each, what breaks the tables.
func (im imports) broken() []string {
	var lines []string
	say := func(format string, args ...any) { lines = append(lines, fmt.Sprintf(format, args...)) }
	for room, list := range im {
		for _, path := range list {
			switch {
			case im.isRoom(path) && !mayImport(room, path):
				say("%s imports %s: no line of the table allows it", room, path)
			case !im.isRoom(path):
				for _, o := range owned {
					if strings.HasPrefix(path, o.library) && !slices.Contains(o.owners, room) {
						say("%s imports %s: %s", room, path, o.why)
					}
				}
			}
		}
	}
	for _, w := range walls {
		if chain := im.chain(w.room, w.reaches, nil); chain != nil {
			say("%s reaches %s: %s", w.room, strings.Join(chain, " -> "), w.why)
		}
	}
	for _, o := range only {
		for _, path := range im[o.room] {
			ok := im.isRoom(path) || slices.Contains(o.libraries, path) || (standard(path) && !slices.Contains(o.notEven, path))
			if !ok {
				say("%s imports %s: %s", o.room, path, o.why)
			}
		}
	}
	slices.Sort(lines)
	return lines
}

func mayImport(room, path string) bool {
	if strings.HasPrefix(path, "cmd/") {
		return false
	}
	if room == "cmd/paddock" {
		return true
	}
	for _, a := range allowed {
		if a.room == room && a.imports == path {
			return true
		}
	}
	return false
}

// chain is how room comes to import to, or nothing.
func (im imports) chain(room, to string, seen map[string]bool) []string {
	if seen == nil {
		seen = map[string]bool{}
	}
	for _, path := range im[room] {
		if path == to {
			return []string{to}
		}
		if !im.isRoom(path) || seen[path] {
			continue
		}
		seen[path] = true
		if rest := im.chain(path, to, seen); rest != nil {
			return append([]string{path}, rest...)
		}
	}
	return nil
}

func TestImports(t *testing.T) {
	found := load(t)
	require.Contains(t, found, "sandbox", "go list found something else than this module")
	for _, line := range found.broken() {
		t.Error(line)
	}
}

// The tables can fail.
func TestImportsThatBreakTheTable(t *testing.T) {
	for want, im := range map[string]imports{
		"runner imports api: no line of the table allows it": {"runner": {"api"}, "api": nil},
		"api imports sandbox/podman: no line of the table":   {"api": {"sandbox/podman"}, "sandbox/podman": nil},
		"api reaches runner -> sandbox -> sandbox/podman: an API node": {
			"api": {"runner"}, "runner": {"sandbox"}, "sandbox": {"sandbox/podman"}, "sandbox/podman": nil},
		"images imports github.com/containers/podman/v5/pkg/bindings: nobody else": {"images": {"github.com/containers/podman/v5/pkg/bindings"}},
		"bench imports cmd/paddock: no line":                                       {"bench": {"cmd/paddock"}, "cmd/paddock": nil},
		"cmd/paddock-agent imports net/http: it is in every cell":                  {"cmd/paddock-agent": {"net/http"}},
		"cmd/paddock-agent imports github.com/rs/zerolog: it is in every cell":     {"cmd/paddock-agent": {"github.com/rs/zerolog"}},
		"sandbox/wire imports github.com/google/uuid: the agent imports it":        {"sandbox/wire": {"github.com/google/uuid"}},
		"new imports sandbox: no line of the table allows it":                      {"new": {"sandbox"}, "sandbox": nil},
	} {
		lines := im.broken()
		assert.Contains(t, strings.Join(lines, "\n"), want)
	}
	working := imports{
		"cmd/paddock": {"api", "sandbox/podman", "github.com/spf13/cobra"}, "api": {"runner", "net/http"},
		"runner": {"sandbox"}, "sandbox": {"os"}, "sandbox/podman": {"sandbox", "github.com/containers/podman/v5/pkg/bindings"},
	}
	assert.Empty(t, working.broken())
}
