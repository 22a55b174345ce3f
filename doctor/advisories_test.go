package doctor

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVersionsOfUpstream(t *testing.T) {
	for text, want := range map[string]string{
		"runc version 1.1.5+ds1\ncommit: 1.1.5+ds1-1+deb12u1": "1.1.5",
		"crun version 1.8.1": "1.8.1",
		"1.0.0~rc93+ds1":     "1.0.0-rc.93",
		"1.0.0-rc95":         "1.0.0-rc.95",
		"1.2.0-rc.1":         "1.2.0-rc.1",
		"5.0.0-dev":          "5.0.0-dev.0",
		"4.9.4-rhel":         "4.9.4",
		"6.1.0-37-amd64":     "6.1.0",
		"1.20":               "1.20.0",
		"1.0.0-rc007":        "1.0.0-rc.7",
	} {
		v, err := parseVersion(text)
		if assert.NoError(t, err, text) {
			assert.Equal(t, want, v.String(), text)
		}
	}
	for _, text := range []string{"", "unknown", "version x", "99999999999999999999.0.1", "1"} {
		_, err := parseVersion(text)
		assert.Error(t, err, text)
	}
}

func TestOlder(t *testing.T) {
	inOrder := []string{"1.0.0-rc9", "1.0.0-rc10", "1.0.0-rc.93", "1.0.0~rc95+ds1", "1.0.0", "1.1.5+ds1", "1.1.12", "1.2", "1.20", "1.30.1"}
	for i, a := range inOrder {
		for j, b := range inOrder {
			assert.Equal(t, i < j, before(a, b), "%s before %s", a, b)
		}
	}
	assert.False(t, before("unknown", "1.0.0"), "what cannot be read is not known to be old")
}

func TestDebianVersions(t *testing.T) {
	for _, tt := range []struct {
		have, want string
		enough     bool
	}{
		{"1.1.5+ds1-1+deb12u1", "1.1.5+ds1-1+deb12u1", true},
		{"1.1.5+ds1-1+b4", "1.1.5+ds1-1+deb12u1", false}, // a rebuild is not a mend
		{"1.1.5+ds1-1", "1.1.5+ds1-1+deb12u1", false},
		{"1.1.5+ds1-1+deb12u2", "1.1.5+ds1-1+deb12u1", true},
		{"1.1.12+ds1-1", "1.1.5+ds1-1+deb12u1", true},
		{"1.0.0~rc93+ds1-5+deb11u3", "1.0.0~rc93+ds1-5+deb11u5", false},
		{"1.0.0~rc93+ds1-5", "1.0.0+ds1-1", false},
		{"4.3.1+ds1-8+deb12u1+b3", "4.3.1+ds1-7", true},
		{"1:1.0-1", "2.0-1", true},
		{"", "1.0-1", false},
		{"one", "1.0-1", false},
	} {
		assert.Equal(t, tt.enough, debianAtLeast(tt.have, tt.want), "%s has %s", tt.have, tt.want)
	}
}

func TestTheTableIsSound(t *testing.T) {
	all, err := knownAdvisories()
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, a := range all {
		t.Run(a.ID+" "+a.Component, func(t *testing.T) {
			assert.False(t, seen[a.ID+a.Component], "twice")
			seen[a.ID+a.Component] = true
			assert.Regexp(t, `^CVE-20\d\d-\d{4,}$`, a.ID)
			assert.Contains(t, []string{"runc", "crun", "podman", "conmon"}, a.Component)
			assert.Contains(t, []string{"critical", "high", "medium", "low"}, a.Severity)
			assert.Contains(t, []Reach{FromCell, FromImage, NotUsed}, a.Reach)
			assert.NotEmpty(t, a.What)
			assert.NotContains(t, a.What, "\n")
			require.NotEmpty(t, a.Affected)
			for i, r := range a.Affected {
				assertVersions(t, r.From, r.Fixed)
				if r.From != "" && r.Fixed != "" {
					assert.True(t, before(r.From, r.Fixed), "%s to %s", r.From, r.Fixed)
				}
				if i > 0 {
					assert.True(t, before(a.Affected[i-1].Fixed, r.Fixed), "ranges go upward")
					assert.False(t, before(r.From, a.Affected[i-1].Fixed), "ranges do not overlap")
				}
			}
			for codename, v := range a.Debian {
				assert.Contains(t, []string{"buster", "bullseye", "bookworm", "trixie", "forky"}, codename)
				assert.True(t, debianAtLeast(v, v), "%s is no Debian version", v)
				assert.True(t, slices.ContainsFunc(a.Affected, func(r Range) bool { return r.has(versionIn(v)) }),
					"%s: the column is for upstream versions that are affected", v)
			}
			for _, s := range a.Sources {
				assert.Regexp(t, `^(CVE-20\d\d-\d+|GHSA(-[0-9a-z]{4}){3}|GO-20\d\d-\d+)$`, s)
			}
		})
	}
}

func assertVersions(t *testing.T, versions ...string) {
	t.Helper()
	for _, v := range versions {
		if v != "" {
			_, err := parseVersion(v)
			assert.NoError(t, err)
		}
	}
}

func TestAMistakeInTheTableIsNoticed(t *testing.T) {
	for _, text := range []string{"- id: CVE-1\n  seriousness: high\n", "just words", "- [1, 2]\n"} {
		_, err := parseAdvisories([]byte(text))
		assert.Error(t, err, text)
	}
}

// open and mended are the ids of a component's standings.
func sorted(all []Standing) (open, mended []string) {
	for _, s := range all {
		if s.Open {
			open = append(open, s.ID)
		} else {
			mended = append(mended, s.ID)
		}
	}
	return open, mended
}

func TestStandings(t *testing.T) {
	all, err := knownAdvisories()
	require.NoError(t, err)
	november25 := []string{"CVE-2025-31133", "CVE-2025-52565", "CVE-2025-52881"}
	bookworm := func(version string) pkg { return pkg{"runc", version, "debian", "bookworm"} }
	for _, tt := range []struct {
		name         string
		c            component
		p            pkg
		open, mended []string
	}{
		{
			"Debian 12 mended one", component{name: "runc", version: "1.1.5"}, bookworm("1.1.5+ds1-1+deb12u1"),
			append(november25, "CVE-2024-45310", "CVE-2026-41579"), []string{"CVE-2024-21626"},
		},
		{
			"Debian 12 as released", component{name: "runc", version: "1.1.5"}, bookworm("1.1.5+ds1-1"),
			append(november25, "CVE-2024-21626", "CVE-2024-45310", "CVE-2026-41579"), nil,
		},
		{
			"upstream's own 1.1.5 on Debian 12", component{name: "runc", version: "1.1.5"}, pkg{"", "", "debian", "bookworm"},
			append(november25, "CVE-2024-21626", "CVE-2024-45310", "CVE-2026-41579"), nil,
		},
		{
			"a version of Ubuntu's is no version of Debian's", component{name: "runc", version: "1.1.5"},
			pkg{"runc", "1.1.7-0ubuntu1", "ubuntu", "bookworm"},
			append(november25, "CVE-2024-21626", "CVE-2024-45310", "CVE-2026-41579"), nil,
		},
		{"runc 1.2.8", component{name: "runc", version: "1.2.8"}, pkg{}, []string{"CVE-2026-41579"}, nil},
		{"runc 1.3.0", component{name: "runc", version: "1.3.0"}, pkg{}, append(november25, "CVE-2026-41579"), nil},
		{"runc 1.4.0-rc.2", component{name: "runc", version: "1.4.0-rc.2"}, pkg{}, append(november25, "CVE-2026-41579"), nil},
		{"runc 1.3.6", component{name: "runc", version: "1.3.6"}, pkg{}, nil, nil},
		{"runc 1.5.2", component{name: "runc", version: "1.5.2"}, pkg{}, nil, nil},
		{
			"crun of Debian 12", component{name: "crun", version: "1.8.1"}, pkg{"crun", "1.8.1-1+deb12u1", "debian", "bookworm"},
			[]string{"CVE-2025-24965", "CVE-2026-47766", "CVE-2026-88264", "CVE-2026-88265"}, nil,
		},
		{"crun 1.30", component{name: "crun", version: "1.30"}, pkg{}, []string{"CVE-2026-84042"}, nil},
		{
			"Podman of Debian 13", component{name: "podman", version: "5.4.2"}, pkg{"podman", "5.4.2+ds1-2+b2", "debian", "trixie"},
			[]string{
				"CVE-2024-3056", "CVE-2025-11395", "CVE-2025-52881", "CVE-2025-9566", "CVE-2026-111361", "CVE-2026-121885",
				"CVE-2026-123876", "CVE-2026-44517", "CVE-2026-55686", "CVE-2026-57231", "CVE-2026-94603",
			},
			[]string{"CVE-2025-6032"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			open, mended := sorted(standings(all, tt.c, tt.p))
			assert.ElementsMatch(t, tt.open, open)
			assert.ElementsMatch(t, tt.mended, mended)
		})
	}
}

func TestNearestAndGravestFirst(t *testing.T) {
	hit := standings([]Advisory{
		{ID: "CVE-2020-0001", Component: "runc", Reach: NotUsed, Severity: "critical", Affected: []Range{{}}},
		{ID: "CVE-2020-0002", Component: "runc", Reach: FromImage, Severity: "low", Affected: []Range{{}}},
		{ID: "CVE-2020-0003", Component: "runc", Reach: FromImage, Severity: "high", Affected: []Range{{}}},
		{ID: "CVE-2020-0004", Component: "runc", Reach: FromCell, Severity: "medium", Affected: []Range{{}}},
	}, component{name: "runc", version: "1.0.0"}, pkg{})
	open, _ := sorted(hit)
	assert.Equal(t, []string{"CVE-2020-0004", "CVE-2020-0003", "CVE-2020-0002", "CVE-2020-0001"}, open)
}

func TestTheSafeVersionIsSafe(t *testing.T) {
	all, err := knownAdvisories()
	require.NoError(t, err)
	for from, want := range map[string]string{
		"runc 1.0.0-rc93": "1.3.6", "runc 1.1.5": "1.3.6", "runc 1.3.0": "1.3.6", "runc 1.4.0-rc.1": "1.4.3", "runc 1.5.2": "1.5.2",
		"crun 1.8.1": "1.30.1", "crun 1.29": "1.30.1", "podman 4.3.1": "5.8.10", "podman 6.1.0": "6.2.0",
	} {
		name, version, _ := strings.Cut(from, " ")
		safe := safeVersion(all, component{name: name, version: version})
		assert.Equal(t, want, safe, from)
		for _, s := range standings(all, component{name: name, version: safe}, pkg{}) {
			assert.Empty(t, s.FixedIn, "%s is still open in %s", s.ID, safe)
		}
	}
}

func TestUpgradeAdvice(t *testing.T) {
	changed := func(files, commands map[string]string) box { return debian12.with(files).printing(commands) }
	const show = "dpkg-query --show --showformat=${Version} runc"
	for _, tt := range []struct {
		name string
		box  box
		want string
	}{
		{"Debian has a fixed package", changed(nil, map[string]string{show: "1.1.5+ds1-1"}), "apt-get update && apt-get install --only-upgrade runc"},
		{
			"Debian has none", debian12,
			"no fixed package for Debian bookworm is known to us: try apt-get update && apt-get install --only-upgrade runc, " +
				"else use runc 1.3.6 or later, installed as /usr/local/sbin/runc and named in sandbox.runtime",
		},
		{
			"another distribution", changed(map[string]string{"/etc/os-release": "ID=ubuntu\nVERSION_CODENAME=noble\n"}, nil),
			"apt-get update && apt-get install --only-upgrade runc; the package may have fixes of its own: " +
				"apt-get changelog runc | grep CVE; else use runc 1.3.6 or later, installed as /usr/local/sbin/runc and named in sandbox.runtime",
		},
		{
			"nobody's file", changed(nil, map[string]string{"dpkg-query --search /usr/bin/runc": ""}),
			"use runc 1.3.6 or later, installed as /usr/local/sbin/runc and named in sandbox.runtime",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := line(Run(t.Context(), Options{Host: tt.box.host()}), "runc-cves")
			assert.Equal(t, Warn, got.Status)
			assert.Equal(t, tt.want, got.Advice)
		})
	}
}

func TestOwner(t *testing.T) {
	const search, show = "dpkg-query --search ", "dpkg-query --show --showformat=${Version} "
	for _, tt := range []struct {
		name, file string
		commands   map[string]string
		want       string
	}{
		{"its own path", "/usr/bin/runc", map[string]string{search + "/usr/bin/runc": "runc: /usr/bin/runc\n", show + "runc": "1-1"}, "runc 1-1"},
		{"the path before /usr was merged", "/usr/bin/x", map[string]string{search + "/bin/x": "x: /bin/x\n", show + "x": "2"}, "x 2"},
		{"the path after /usr was merged", "/bin/x", map[string]string{search + "/usr/bin/x": "x: /usr/bin/x\n", show + "x": "2"}, "x 2"},
		{"several", "/usr/bin/x", map[string]string{search + "/usr/bin/x": "a, b: /usr/bin/x\n"}, " "},
		{"diverted", "/usr/bin/x", map[string]string{search + "/usr/bin/x": "diversion by a from: /usr/bin/x\na: /usr/bin/x\n"}, " "},
		{"nobody's", "/usr/local/bin/x", nil, " "},
		{"no version", "/usr/bin/x", map[string]string{search + "/usr/bin/x": "x: /usr/bin/x\n"}, " "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			b := box{files: debian12.files, commands: tt.commands}
			p := newMachine(t.Context(), Options{Host: b.host()}.withDefaults()).owner(t.Context(), tt.file)
			assert.Equal(t, tt.want, p.name+" "+p.version)
			assert.Equal(t, "debian bookworm", p.distribution+" "+p.codename)
		})
	}
}

func TestARuntimeWithoutAVersionIsNotCompared(t *testing.T) {
	b := debian12.printing(map[string]string{"/usr/bin/runc --version": "I will not tell"})
	r := Run(t.Context(), Options{Host: b.host()})
	assert.Equal(t, Fail, line(r, "runtime").Status)
	assert.Equal(t, Warn, line(r, "runc-cves").Status)
	assert.Contains(t, line(r, "runc-cves").Found, "does not tell its version")
}

func TestPodmanIsAskedForWhatTheServiceIs(t *testing.T) {
	b := rootlessV2
	b.commands = maps.Clone(b.commands)
	b.commands[askInfo] = debian12.commands[askInfo]
	m := newMachine(t.Context(), Options{Host: b.host()}.withDefaults())
	info, err := m.podman()
	require.NoError(t, err)
	assert.Equal(t, "6.2.0", info.Version.Version, "the service that answers, not the command beside it")

	b.api = map[string]string{}
	m = newMachine(t.Context(), Options{Host: b.host()}.withDefaults())
	info, err = m.podman()
	require.NoError(t, err)
	assert.Equal(t, "4.3.1", info.Version.Version)
}
