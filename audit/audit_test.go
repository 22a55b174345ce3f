package audit

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// standIn makes this program one that is audited: it does nothing until its stdin ends.
const standIn = "PADDOCK_AUDIT_STAND_IN"

func TestMain(m *testing.M) {
	if os.Getenv(standIn) != "" {
		_, _ = os.Stdout.WriteString("\n")
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// A cell's mount table with Podman 4.3 and runc 1.1, on a host with cgroup v1, shortened to a line of each sort.
const workingMounts = `176 88 0:44 / / ro,relatime - overlay overlay rw,lowerdir=/st/l/A:/st/l/B,upperdir=/st/o/diff,workdir=/st/o/work,uuid=on
177 176 0:57 / /dev rw,nosuid,noexec - tmpfs tmpfs rw,size=65536k,mode=755
179 176 0:58 / /tmp rw,nosuid,nodev,relatime - tmpfs tmpfs rw,size=65536k
178 176 0:59 / /sys ro,nosuid,nodev,noexec,relatime - sysfs sysfs ro
181 176 0:60 / /box rw,nosuid,nodev,relatime - tmpfs tmpfs rw,size=65536k,mode=755
180 176 0:61 / /proc rw,nosuid,nodev,noexec,relatime - proc proc rw
182 177 0:62 / /dev/pts rw,nosuid,noexec,relatime - devpts devpts rw,mode=620,ptmxmode=666
183 176 254:0 /var/lib/paddock/cells/paddock-2aa8cc0b /run/paddock ro,nosuid,nodev,relatime - ext4 /dev/vda rw
184 177 0:56 / /dev/mqueue rw,nosuid,nodev,noexec,relatime - mqueue mqueue rw
185 176 254:0 /var/lib/paddock/paddock-agent /run/paddock-agent ro,nosuid,nodev,relatime - ext4 /dev/vda rw
186 177 0:43 / /dev/shm rw,nosuid,nodev,noexec,relatime - tmpfs shm rw,size=65536k
187 176 254:0 /st/c/userdata/.containerenv /run/.containerenv ro,nosuid,nodev,noexec,relatime - ext4 /dev/vda rw
188 176 254:0 /st/c/userdata/hostname /etc/hostname ro,nosuid,nodev,noexec,relatime - ext4 /dev/vda rw
72 178 0:63 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime - tmpfs tmpfs rw,mode=755
189 72 0:29 / /sys/fs/cgroup/cpu ro,nosuid,nodev,noexec,relatime - cgroup cgroup rw,cpu
198 177 0:6 /null /dev/null rw,relatime - devtmpfs devtmpfs rw,mode=755
92 180 0:61 /sys /proc/sys ro,nosuid,nodev,noexec,relatime - proc proc rw
93 180 0:64 / /proc/acpi ro,relatime - tmpfs tmpfs ro
94 180 0:6 /null /proc/keys rw,relatime - devtmpfs devtmpfs rw,mode=755
96 178 0:65 / /sys/firmware ro,relatime - tmpfs tmpfs ro
162 182 0:6 /null /dev/pts/ptmx rw,relatime - devtmpfs devtmpfs rw,mode=755
`

const none = "0000000000000000"

func namespacesOf(id string) map[string]string {
	found := map[string]string{"time": "time:[1]"}
	for _, ns := range own {
		found[ns] = ns + ":[" + id + "]"
	}
	return found
}

// working is what a good cell's program says, and the host sees.
func working() (Report, Host) {
	ids := "1000\t1000\t1000\t1000"
	r := Report{
		Status: map[string]string{
			"Pid": "7", "Uid": ids, "Gid": ids, "Groups": "", "NoNewPrivs": "1", "Seccomp": "2",
			"CapInh": none, "CapPrm": none, "CapEff": none, "CapBnd": none, "CapAmb": none,
		},
		Namespaces: namespacesOf("20"), Mountinfo: workingMounts, Cgroups: []string{"1:cpu:/", "0::/"},
		Names:       map[string]string{"/etc/hostname": "cell", "/etc/hosts": "127.0.0.1 localhost cell\n", "uname": "cell", "domain": "(none)"},
		Environ:     []string{"PATH=/usr/bin:/bin"},
		Descriptors: map[string]string{"0": "/dev/null", "1": "pipe:[1]", "2": "pipe:[2]"},
		Processes:   map[string]string{"1": "paddock-agent", "7": "paddock-audit"},
		Read:        map[string]string{}, Write: map[string]string{},
		Writable: []string{"/box", "/tmp", "/dev/shm", "/dev/mqueue"},
		Devices:  []string{"/dev/null character 1:3", "/dev/tty character 5:0"},
		Complete: true, Interfaces: []string{"lo"},
		Reached: map[string]string{"the Internet": "ENETUNREACH", "a socket": "ECONNREFUSED"},
		Traces:  map[string]string{"file in /tmp": "ENOENT"}, Syscalls: map[string]string{}, MemfdExec: Got,
	}
	for _, path := range closedReads {
		r.Read[path] = "ENOENT"
	}
	r.Read["/proc/keys"] = Masked
	for _, path := range openReads {
		r.Read[path] = Got
	}
	for _, path := range WriteProbes {
		r.Write[path] = "EROFS"
	}
	for _, c := range Syscalls() {
		r.Syscalls[c.Name] = "EPERM"
	}
	status := map[string]string{"Uid": "525288\t525288\t525288\t525288"}
	for _, name := range []string{"NoNewPrivs", "Seccomp", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"} {
		status[name] = r.Status[name]
	}
	h := Host{
		Audited:   Process{Status: status, UIDMap: "         0     524288       2048\n", Namespaces: namespacesOf("20")},
		Neighbour: &Process{Namespaces: namespacesOf("30")}, Namespaces: namespacesOf("10"),
		Hostname: "mainframe", Environ: []string{"PATH=/usr/bin:/bin"},
	}
	return r, h
}

func findings(s Scorecard) []string {
	var found []string
	for _, l := range s.Lines {
		if l.Status == Finding {
			found = append(found, l.Check)
		}
	}
	return found
}

func TestWorkingCellHasNoFinding(t *testing.T) {
	r, h := working()
	s := Judge(r, h)
	assert.Empty(t, findings(s))
	assert.Zero(t, s.Findings())
	var known []string
	for _, l := range s.Lines {
		if l.Status == Known {
			known = append(known, l.Check)
			assert.NotEmpty(t, l.Found, l.Check)
		}
		assert.NotEmpty(t, l.Why, l.Check)
	}
	assert.Equal(t, []string{"time", "paths of the host in the mount table", "a program in memory can be executed", "figures of the whole machine"}, known)
}

// busted are cells with one wall down, and the one check that must say so. Every check is here.
var busted = []struct {
	check, says string
	bust        func(*Report, *Host)
}{
	{"programs run as the job user, in no other group", `Uid is "0\t0\t0\t0"`, func(r *Report, _ *Host) { r.Status["Uid"] = "0\t0\t0\t0" }},
	{"programs run as the job user, in no other group", `Groups is "27"`, func(r *Report, _ *Host) { r.Status["Groups"] = "27" }},
	{"nobody in the cell is the host's root", "uid_map: 0 0 4294967295", func(_ *Report, h *Host) { h.Audited.UIDMap = "0 0 4294967295\n" }},
	{"nobody in the cell is the host's root", "uid_map: 1 0 1", func(_ *Report, h *Host) { h.Audited.UIDMap = "0 9 1\n1 0 1\n" }},
	{"nobody in the cell is the host's root", "no uid_map", func(_ *Report, h *Host) { h.Audited.UIDMap = "" }},
	{"nobody in the cell is the host's root", `uid on the host: "0"`, func(_ *Report, h *Host) { h.Audited.Status["Uid"] = "0\t0\t0\t0" }},
	{"all five capability sets are empty", `CapBnd is "00000000000000eb", says the host`, func(_ *Report, h *Host) { h.Audited.Status["CapBnd"] = "00000000000000eb" }},
	{"all five capability sets are empty", `CapAmb is "0000000000000001", says the program`, func(r *Report, _ *Host) { r.Status["CapAmb"] = "0000000000000001" }},
	{"all five capability sets are empty", `CapEff is ""`, func(r *Report, _ *Host) { delete(r.Status, "CapEff") }},
	{"no_new_privs is set", "says the host", func(_ *Report, h *Host) { h.Audited.Status["NoNewPrivs"] = "0" }},
	{"a seccomp filter is in force", "says the host", func(_ *Report, h *Host) { h.Audited.Status["Seccomp"] = "0" }},
	{"nothing is open but stdin, stdout and stderr", "3 -> /", func(r *Report, _ *Host) { r.Descriptors["3"] = "/" }},
	{"nothing is open but stdin, stdout and stderr", "1 -> socket:[1]", func(r *Report, _ *Host) { r.Descriptors["1"] = "socket:[1]" }},
	{"nothing is open but stdin, stdout and stderr", "none", func(r *Report, _ *Host) { r.Descriptors = nil }},
	{"each is another than the host's", "net:[10]", func(r *Report, h *Host) {
		r.Namespaces["net"], h.Audited.Namespaces["net"] = "net:[10]", "net:[10]"
	}},
	{"each is another than the host's", `uts: "uts:[99]", says the program`, func(r *Report, _ *Host) { r.Namespaces["uts"] = "uts:[99]" }},
	{"each is another than the host's", "ipc", func(_ *Report, h *Host) { delete(h.Audited.Namespaces, "ipc") }},
	{"each is another than a neighbour's", "ipc:[20]", func(_ *Report, h *Host) { h.Neighbour.Namespaces["ipc"] = "ipc:[20]" }},
	{"each is another than a neighbour's", "user:[20]", func(_ *Report, h *Host) { h.Neighbour.Namespaces["user"] = "user:[20]" }},
	{"each is another than a neighbour's", "no neighbour", func(_ *Report, h *Host) { h.Neighbour = nil }},
	{"paths in /proc/self/cgroup begin at the cell", "0::/machine/x", func(r *Report, _ *Host) { r.Cgroups[1] = "0::/machine/x" }},
	{"paths in /proc/self/cgroup begin at the cell", "none", func(r *Report, _ *Host) { r.Cgroups = nil }},
	{"each is one of a cell's own, with its options", "no mount table", func(r *Report, _ *Host) { r.Mountinfo = "" }},
	{"only the cell's own tmpfs can be written to", "/etc", func(r *Report, _ *Host) { r.Writable = append(r.Writable, "/etc") }},
	{"the walk through all files came to its end", "cut", func(r *Report, _ *Host) { r.Complete = false }},
	{"no set-id files, no file capabilities", "/usr/bin/su", func(r *Report, _ *Host) { r.Privileged = []string{"/usr/bin/su"} }},
	{"no devices but null, zero, full, random, urandom and tty", "/dev/vda", func(r *Report, _ *Host) { r.Devices = append(r.Devices, "/dev/vda block 254:0") }},
	{"no sockets", "/run/docker.sock", func(r *Report, _ *Host) { r.Sockets = []string{"/run/docker.sock"} }},
	{"none can be written to", "/proc/sys/kernel/core_pattern", func(r *Report, _ *Host) { r.Write["/proc/sys/kernel/core_pattern"] = Got }},
	{"none can be written to", "/proc/irq/1/affinity", func(r *Report, _ *Host) { r.KernelFiles = []string{"/proc/irq/1/affinity"} }},
	{"none can be written to", "/proc/sysrq-trigger: not tried", func(r *Report, _ *Host) { delete(r.Write, "/proc/sysrq-trigger") }},
	{"the cgroup can't be written to", "/sys/fs/cgroup/cpu", func(r *Report, _ *Host) { r.KernelFiles = []string{"/sys/fs/cgroup/cpu"} }},
	{"what tells of kernel, machine and agent is masked", "/proc/kcore", func(r *Report, _ *Host) { r.Read["/proc/kcore"] = Got }},
	{"what tells of kernel, machine and agent is masked", "/proc/keys: not tried", func(r *Report, _ *Host) { delete(r.Read, "/proc/keys") }},
	{"no interface but lo", "eth0", func(r *Report, _ *Host) { r.Interfaces = append(r.Interfaces, "eth0") }},
	{"no interface but lo", "interfaces:", func(r *Report, _ *Host) { r.Interfaces = nil }},
	{"no route leads anywhere", "eth0 00000000", func(r *Report, _ *Host) { r.Routes = []string{"eth0 00000000"} }},
	{"no name server", "192.0.2.1", func(r *Report, _ *Host) { r.Nameservers = []string{"192.0.2.1"} }},
	{"nothing outside is reached", "a socket: ok", func(r *Report, _ *Host) { r.Reached["a socket"] = Got }},
	{"nothing outside is reached", "a socket: EAGAIN", func(r *Report, _ *Host) { r.Reached["a socket"] = "EAGAIN" }},
	{"nothing outside is reached", "nothing was tried", func(r *Report, _ *Host) { r.Reached = nil }},
	{"no abstract sockets of others", "@x", func(r *Report, _ *Host) { r.Abstract = []string{"@x"} }},
	{"no name of the host", "/etc/hosts: Mainframe", func(r *Report, _ *Host) { r.Names["/etc/hosts"] += "127.0.1.1 Mainframe\n" }},
	{"no name of the host", "none", func(r *Report, _ *Host) { r.Names = nil }},
	{"the environment is what the program was given", "SECRET", func(r *Report, _ *Host) { r.Environ = append(r.Environ, "SECRET=x") }},
	{"no process but the agent and the program", "9 sshd", func(r *Report, _ *Host) { r.Processes["9"] = "sshd" }},
	{"no process but the agent and the program", "1 init", func(r *Report, _ *Host) { r.Processes["1"] = "init" }},
	{"no process but the agent and the program", "none", func(r *Report, _ *Host) { r.Processes = nil }},
	{"nothing that a neighbour left", "file in /tmp", func(r *Report, _ *Host) { r.Traces["file in /tmp"] = Got }},
	{"nothing that a neighbour left", "nothing was looked for", func(r *Report, _ *Host) { r.Traces = nil }},
}

func TestEveryWallThatIsDownIsFound(t *testing.T) {
	seen := map[string]bool{}
	for _, b := range busted {
		seen[b.check] = true
		t.Run(b.check+" "+b.says, func(t *testing.T) {
			r, h := working()
			b.bust(&r, &h)
			s := Judge(r, h)
			assert.Equal(t, []string{b.check}, findings(s))
			for _, l := range s.Lines {
				if l.Status == Finding {
					assert.Contains(t, strings.Join(l.Found, "\n"), b.says)
				}
			}
		})
	}
	for _, c := range checks() {
		if c.group != "system calls" && !c.known {
			assert.True(t, seen[c.name], "no busted cell for: %s", c.name)
		}
	}
}

// Each call that gets through, is not answered for, or is not tried, is a finding of its group; EPERM and ENOSYS are refusals.
func TestSystemCalls(t *testing.T) {
	for _, c := range Syscalls() {
		for how, found := range map[string]bool{
			Got: true, "EFAULT": true, "EINVAL": true, "signal: killed": true, "": true,
			"EPERM": false, "ENOSYS": false, Killed: false, Absent: false,
		} {
			r, h := working()
			r.Syscalls[c.Name] = how
			want := []string(nil)
			if found {
				want = []string{c.Group}
			}
			assert.Equal(t, want, findings(Judge(r, h)), "%s: %q", c.Name, how)
		}
		r, h := working()
		delete(r.Syscalls, c.Name)
		assert.Equal(t, []string{c.Group}, findings(Judge(r, h)), c.Name)
	}
}

func TestMounts(t *testing.T) {
	for _, line := range []string{
		"9 8 254:0 / /host ro,nosuid,nodev - ext4 /dev/vda rw",
		"9 8 254:0 /etc /run/paddock ro,nosuid,nodev - ext4 /dev/vda rw",
		"9 8 254:0 /var/lib/paddock/paddock-agent /run/paddock-agent rw,nosuid,nodev - ext4 /dev/vda rw",
		"9 8 0:44 / / rw - overlay overlay rw",
		"9 8 254:0 / / ro - ext4 /dev/vda rw",
		"9 8 0:58 / /tmp rw,nosuid - tmpfs tmpfs rw",
		"9 8 0:58 / /opt rw,nosuid,nodev - tmpfs tmpfs rw",
		"9 8 0:59 / /sys rw,nosuid,nodev,noexec - sysfs sysfs rw",
		"9 8 0:29 / /sys/fs/cgroup/cpu rw,nosuid,nodev,noexec - cgroup cgroup rw",
		"9 8 0:29 /machine /sys/fs/cgroup/cpu ro,nosuid,nodev,noexec - cgroup cgroup rw",
		"9 8 0:6 /vda /dev/vda rw - devtmpfs devtmpfs rw",
		"9 8 0:6 / /dev rw,nosuid,noexec - devtmpfs devtmpfs rw",
		"9 8 0:61 /sys /proc/sys rw,nosuid,nodev,noexec - proc proc rw",
	} {
		r, h := working()
		r.Mountinfo += line + "\n"
		assert.Equal(t, []string{"each is one of a cell's own, with its options"}, findings(Judge(r, h)), line)
	}
	r, h := working()
	assert.Equal(t, []string{
		"/: lowerdir=/st/l/A:/st/l/B", "/: upperdir=/st/o/diff", "/: workdir=/st/o/work",
		"/run/paddock: /var/lib/paddock/cells/paddock-2aa8cc0b", "/run/paddock-agent: /var/lib/paddock/paddock-agent",
		"/run/.containerenv: /st/c/userdata/.containerenv", "/etc/hostname: /st/c/userdata/hostname",
	}, knownMountPaths(evidence{r, h}))
}

func TestRootlessCellsShareAUserNamespace(t *testing.T) {
	r, h := working()
	h.Neighbour.Namespaces["user"] = h.Audited.Namespaces["user"]
	h.Rootless = true
	assert.Empty(t, findings(Judge(r, h)))
}

// A program that says nothing, or is not the one we sent, gets no good marks.
func TestNothingSaidIsNothingPassed(t *testing.T) {
	s := Judge(Report{}, Host{})
	assert.Greater(t, s.Findings(), len(s.Lines)/2)
}

func TestWhatIsShownIsPlainAndBounded(t *testing.T) {
	r, h := working()
	for range 100 {
		r.Sockets = append(r.Sockets, "/a\x1b[31m\n\u202e\xff"+strings.Repeat("x", 1000))
	}
	s := Judge(r, h)
	var text bytes.Buffer
	require.NoError(t, s.WriteText(&text))
	assert.NotRegexp(t, "[\x00-\x09\x0b-\x1f\x7f\u202e]", text.String())
	assert.Less(t, text.Len(), 20_000)
	assert.Contains(t, text.String(), "/a?[31m???")
	assert.Contains(t, text.String(), "and 80 more")
}

func TestScorecardIsWritten(t *testing.T) {
	r, h := working()
	r.Interfaces = append(r.Interfaces, "eth0")
	s := Judge(r, h)
	var text, asJSON bytes.Buffer
	require.NoError(t, s.WriteText(&text))
	assert.Regexp(t, `(?m)^network\n  finding  no interface but lo\n +an interface is a way out\n +interfaces:\n +lo\n +eth0\n  pass     no route`, text.String())
	assert.Regexp(t, `\n\d+ pass, 4 known, 1 findings\n$`, text.String())
	require.NoError(t, s.WriteJSON(&asJSON))
	var got struct {
		Findings int
		Counts   map[Status]int
		Lines    []Line
	}
	require.NoError(t, json.Unmarshal(asJSON.Bytes(), &got))
	assert.Equal(t, 1, got.Findings)
	assert.Equal(t, 4, got.Counts[Known])
	assert.Equal(t, s.Lines, got.Lines)
}

func TestParse(t *testing.T) {
	r, _ := working()
	data, err := json.Marshal(r)
	require.NoError(t, err)
	got, err := Parse(data)
	require.NoError(t, err)
	assert.Equal(t, r, got)
	for _, bad := range []string{"", "[]", `{"status":1}`, "{", `"x"`, strings.Repeat(" ", MaxReport+1)} {
		_, err := Parse([]byte(bad))
		require.ErrorIs(t, err, ErrMalformed)
	}
}

// Whatever comes out of a cell, it is parsed and judged without harm, and what is printed of it obeys the terminal's owner.
func FuzzReport(f *testing.F) {
	r, h := working()
	data, err := json.Marshal(r)
	require.NoError(f, err)
	f.Add(data)
	f.Add([]byte(`{"mountinfo":"1 2 3:4 / / ro - a b c\n\n- - -","devices":["","x"],"processes":{"":""}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r, err := Parse(data)
		if err != nil {
			require.ErrorIs(t, err, ErrMalformed)
			return
		}
		var text bytes.Buffer
		require.NoError(t, Judge(r, h).WriteText(&text))
		assert.NotRegexp(t, "[\x00-\x09\x0b-\x1f\x7f]", text.String())
		assert.Less(t, text.Len(), 1<<20)
	})
}

// The host sees a process by its settings, and nothing else with it; a process of the host's own passes for no cell.
func TestObserve(t *testing.T) {
	w, err := NewWitness()
	require.NoError(t, err)
	defer func() { require.NoError(t, w.Close()) }()
	_, err = Observe(w.Settings(), nil, nil)
	require.ErrorIs(t, err, ErrNotSeen)

	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(self)
	cmd.Args = []string{"/box/" + Program, w.Settings().Argument()}
	cmd.Env = []string{standIn + "=1"}
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	_, err = stdout.Read(make([]byte, 1))
	require.NoError(t, err)

	h, err := Observe(w.Settings(), nil, nil)
	require.NoError(t, err)
	neighbour := w.Neighbour()
	_, err = Observe(w.Settings(), &neighbour, nil)
	require.ErrorIs(t, err, ErrNotSeen)
	require.NoError(t, stdin.Close())
	require.NoError(t, cmd.Wait())

	assert.Equal(t, h.Namespaces, h.Audited.Namespaces)
	assert.Len(t, h.Audited.Status["CapBnd"], len(none))
	assert.Equal(t, "0", h.Audited.Status["Seccomp"])
	r, _ := working()
	assert.Subset(t, findings(Judge(r, h)), []string{"a seccomp filter is in force", "each is another than the host's"})
}
