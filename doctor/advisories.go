package doctor

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed advisories.yaml
var advisoriesYAML []byte

// Advisory is a known hole in a component.
type Advisory struct {
	ID        string `json:"id" yaml:"id"`
	Component string `json:"component" yaml:"component"`
	Severity  string `json:"severity" yaml:"severity"`
	// What it is, in one line.
	What string `json:"what" yaml:"what"`
	// Reach is how far the hole is from a program in a cell; see the head of advisories.yaml.
	Reach Reach `json:"reach" yaml:"reach"`
	// Affected are upstream's versions; Debian the first package with the mend, by the release's code name.
	Affected []Range           `json:"-" yaml:"affected"`
	Debian   map[string]string `json:"-" yaml:"debian"`
	Sources  []string          `json:"sources,omitempty" yaml:"sources"`
}

// Reach says what it takes to use a hole in what Paddock runs.
type Reach string

// From the nearest to the farthest.
const (
	FromCell  Reach = "cell"   // code inside a running cell
	FromImage Reach = "image"  // a malicious image or Containerfile; ours come from this repository
	NotUsed   Reach = "unused" // a part of the component that Paddock does not use
)

// Range is From <= version < Fixed. Without From it is everything before, without Fixed nobody has mended it.
type Range struct {
	From  string `yaml:"from"`
	Fixed string `yaml:"fixed"`
}

func (r Range) has(version string) bool {
	return (r.From == "" || !before(version, r.From)) && (r.Fixed == "" || before(version, r.Fixed))
}

// Standing is how an advisory stands on this machine.
type Standing struct {
	Advisory
	// Open is false where the distribution has mended the package without changing upstream's version.
	Open bool `json:"open"`
	// FixedIn is the version that mends it: the distribution's if it has one, else upstream's; empty if there is none.
	FixedIn string `json:"fixed_in,omitempty"`
}

var knownAdvisories = sync.OnceValues(func() ([]Advisory, error) { return parseAdvisories(advisoriesYAML) })

func parseAdvisories(b []byte) ([]Advisory, error) {
	var all []Advisory
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&all); err != nil {
		return nil, fmt.Errorf("advisories.yaml: %w", err)
	}
	return all, nil
}

// pkg is the distribution's package that a program belongs to.
type pkg struct{ name, version, distribution, codename string }

// standings are the advisories that upstream's version is affected by, mended or not, the nearest and gravest first.
func standings(all []Advisory, c component, p pkg) []Standing {
	var hit []Standing
	for _, a := range all {
		i := slices.IndexFunc(a.Affected, func(r Range) bool { return r.has(c.version) })
		if a.Component != c.name || i < 0 {
			continue
		}
		s := Standing{Advisory: a, Open: true, FixedIn: a.Affected[i].Fixed}
		if mended, ok := a.Debian[p.codename]; ok && p.distribution == "debian" {
			s.FixedIn, s.Open = mended, !debianAtLeast(p.version, mended)
		}
		hit = append(hit, s)
	}
	slices.SortStableFunc(hit, func(a, b Standing) int { return rank(a) - rank(b) })
	return hit
}

func rank(s Standing) int {
	reach := slices.Index([]Reach{FromCell, FromImage, NotUsed}, s.Reach)
	return 10*reach + slices.Index([]string{"critical", "high", "medium", "low"}, s.Severity)
}

// safeVersion is the oldest upstream version, not older than ours, that mends all that can be mended.
func safeVersion(all []Advisory, c component) string {
	version := c.version
	for range all { // each round mends at least one for good
		next := version
		for _, s := range standings(all, component{name: c.name, version: version}, pkg{}) {
			if s.FixedIn != "" && before(next, s.FixedIn) {
				next = s.FixedIn
			}
		}
		if next == version {
			break
		}
		version = next
	}
	return version
}

func checkAdvisories(name string) func(context.Context, *machine) Check {
	return func(ctx context.Context, m *machine) Check { return m.advisories(ctx, name) }
}

// advisories is the line about one component's known holes; none if the component is not in use here.
func (m *machine) advisories(ctx context.Context, name string) Check {
	c, ok := m.component(name)
	if !ok {
		return Check{}
	}
	if c.version == "" {
		return warnf("%s does not tell its version", name).do("compare it with advisories.yaml by hand")
	}
	all, err := knownAdvisories()
	if err != nil {
		return warnf("%v", err).do("please report this")
	}
	p := m.owner(ctx, c.path)
	check := tell(c, p, standings(all, c, p))
	if check.Status == Warn {
		check = check.do("%s", upgrade(c, p, check.Advisories, safeVersion(all, c)))
	}
	return check
}

// component is what the advisories are about: the programs Podman would really use.
func (m *machine) component(name string) (component, bool) {
	if name == "podman" {
		info, err := m.podman()
		if err != nil {
			return component{}, false
		}
		where, err := m.Look("podman")
		if err != nil {
			where = ""
		}
		return component{name: name, path: where, version: versionIn(info.Version.Version)}, true
	}
	for _, c := range m.runtimes() {
		if c.name == name {
			return c, true
		}
	}
	return component{}, false
}

// owner asks dpkg whose file a program is. A program in /usr/local is nobody's, whatever packages there are beside it.
func (m *machine) owner(ctx context.Context, file string) pkg {
	release := osRelease(m.Host)
	p := pkg{distribution: release["ID"], codename: release["VERSION_CODENAME"]}
	if file == "" || !m.exists("/var/lib/dpkg/status") {
		return p
	}
	// Debian moved /bin into /usr; dpkg knows a file by the path of either time.
	for _, f := range []string{file, path.Join("/usr", file), strings.TrimPrefix(file, "/usr")} {
		out, err := m.Command(ctx, "dpkg-query", "--search", f)
		name, _, ok := strings.Cut(out, ": ")
		if err != nil || !ok || strings.ContainsAny(name, ", \n") {
			continue // unknown, shared by several, or diverted
		}
		version, err := m.Command(ctx, "dpkg-query", "--show", "--showformat=${Version}", name)
		if err == nil {
			p.name, p.version = name, strings.TrimSpace(version)
		}
		return p
	}
	return p
}

// osRelease reads /etc/os-release: KEY=value, the value in quotes or not.
func osRelease(h *Host) map[string]string {
	text, _ := h.read("/etc/os-release") // a machine without it is of no distribution
	release := map[string]string{}
	for line := range strings.Lines(text) {
		if k, v, ok := strings.Cut(strings.TrimSpace(line), "="); ok {
			release[k] = strings.Trim(v, `"'`)
		}
	}
	return release
}

// tell puts the standings into a line: what is open by what it takes to use it, then what the distribution mended.
func tell(c component, p pkg, all []Standing) Check {
	open := map[Reach][]string{}
	var mended []string
	for _, s := range all {
		if s.Open {
			open[s.Reach] = append(open[s.Reach], fmt.Sprintf("%s (%s)", s.ID, s.Severity))
		} else {
			mended = append(mended, fmt.Sprintf("%s in %s", s.ID, s.FixedIn))
		}
	}
	parts := []string{"nothing known that is open"}
	for _, part := range []struct {
		words string
		ids   []string
	}{
		{"open to code in a cell", open[FromCell]},
		{"open to a malicious image", open[FromImage]},
		{"in parts that Paddock does not use", open[NotUsed]},
		{"fixed by the distribution", mended},
	} {
		if len(part.ids) > 0 {
			parts = append(parts, part.words+": "+strings.Join(part.ids, ", "))
		}
	}
	name := c.name + " " + c.version
	if p.version != "" {
		name += " (package " + p.version + ")"
	}
	matters := len(open[FromCell])+len(open[FromImage]) > 0
	verdict := okf
	if matters {
		verdict, parts = warnf, parts[1:]
	}
	check := verdict("%s: %s", name, strings.Join(parts, "; "))
	check.Advisories = all
	return check
}

// upgrade is the way to a version without open holes, as far as it is known.
func upgrade(c component, p pkg, all []Standing, safe string) string {
	apt := fmt.Sprintf("apt-get update && apt-get install --only-upgrade %s", p.name)
	byPackage := slices.ContainsFunc(all, func(s Standing) bool {
		return s.Open && s.FixedIn != "" && s.FixedIn == s.Debian[p.codename]
	})
	fromUpstream := fmt.Sprintf("%s %s or later", c.name, safe)
	if c.name != "podman" { // Podman looks into /usr/bin first, so the new one must be named
		fromUpstream += fmt.Sprintf(", installed as /usr/local/sbin/%[1]s and named in sandbox.runtime", c.name)
	}
	switch {
	case p.name == "":
		return "use " + fromUpstream
	case p.distribution != "debian":
		return fmt.Sprintf("%s; the package may have fixes of its own: apt-get changelog %s | grep CVE; else use %s",
			apt, p.name, fromUpstream)
	case byPackage:
		return apt
	default:
		return fmt.Sprintf("no fixed package for Debian %s is known to us: try %s, else use %s", p.codename, apt, fromUpstream)
	}
}
