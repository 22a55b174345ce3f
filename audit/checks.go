package audit

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"

	"paddock/sandbox/wire"
)

// evidence is what a check judges by: what the program inside says, and what the host sees.
type evidence struct {
	Report
	Host
}

// check is one line of the scorecard in the making. What look returns is a finding, or known where the check is of what is known
// and allowed; nothing is a pass.
type check struct {
	group, name, why string
	known            bool
	look             func(evidence) []string
}

// Judge makes the scorecard.
func Judge(r Report, h Host) Scorecard {
	var s Scorecard
	for _, c := range checks() {
		l := Line{Group: c.group, Check: c.name, Status: Pass, Why: c.why, Found: shown(c.look(evidence{r, h}))}
		switch {
		case len(l.Found) == 0:
		case c.known:
			l.Status = Known
		default:
			l.Status = Finding
		}
		s.Lines = append(s.Lines, l)
	}
	return s
}

// checks are all there are, group by group: what a program is, what it sees, what it can do.
func checks() []check {
	list := []check{
		{group: "identity", name: "programs run as the job user, in no other group", look: checkUser,
			why: "files and processes of another user would be open to it"},
		{group: "identity", name: "nobody in the cell is the host's root", look: checkUIDMap,
			why: "without a user namespace a way out of the cell ends as root of the host"},
		{group: "identity", name: "all five capability sets are empty", look: checkCapabilities,
			why: "a capability is a piece of root; the bounding set is what could still be had"},
		{group: "identity", name: "no_new_privs is set", look: bothStatus("NoNewPrivs", "1"),
			why: "without it a set-id file gives its owner's rights"},
		{group: "identity", name: "a seccomp filter is in force", look: bothStatus("Seccomp", "2"),
			why: "the filter is what keeps most of the kernel out of reach"},
		{group: "identity", name: "nothing is open but stdin, stdout and stderr", look: checkDescriptors,
			why: "a descriptor that was left open leads past every wall (CVE-2024-21626)"},

		{group: "namespaces", name: "each is another than the host's", look: checkNamespaces,
			why: "what a namespace does not hold is the host's"},
		{group: "namespaces", name: "each is another than a neighbour's", look: checkNeighbourNamespaces,
			why: "a namespace that is shared is a door between cells"},
		{group: "namespaces", name: "time", known: true, look: checkTime,
			why: "the host's: a time namespace only shifts clocks that count from its start, and hides nothing"},
		{group: "namespaces", name: "paths in /proc/self/cgroup begin at the cell", look: checkCgroupPaths,
			why: "the host's path says where and what the cell is"},

		{group: "mounts", name: "each is one of a cell's own, with its options", look: checkMounts,
			why: "a mount is a way to files; nosuid, nodev and ro are what makes it a harmless one"},
		{group: "mounts", name: "paths of the host in the mount table", known: true, look: knownMountPaths,
			why: "the kernel shows overlay layers and the sources of binds; they are Podman's storage and the server's state directory"},
		{group: "mounts", name: "only the cell's own tmpfs can be written to", look: checkWritable,
			why: "what is written elsewhere outlasts the run or reaches others"},

		{group: "files", name: "the walk through all files came to its end", look: checkComplete,
			why: "what was not looked at is not known to be harmless"},
		{group: "files", name: "no set-id files, no file capabilities", look: func(e evidence) []string { return e.Privileged },
			why: "no_new_privs makes them useless; there is no reason to have them"},
		{group: "files", name: "no devices but null, zero, full, random, urandom and tty", look: checkDevices,
			why: "a device file opens a driver, or a disk"},
		{group: "files", name: "no sockets", look: func(e evidence) []string { return e.Sockets },
			why: "whoever listens on it is outside"},
		{group: "files", name: "a program in memory can be executed", known: true, look: checkMemfd,
			why: "allowed: /box and /tmp are executable already, so it adds nothing, and some runtimes rest on it"},

		{group: "kernel files", name: "none can be written to", look: checkKernelFiles,
			why: "core_pattern, modprobe, uevent_helper and others start programs on the host, sysrq reboots it"},
		{group: "kernel files", name: "the cgroup can't be written to", look: checkCgroupFiles,
			why: "it holds the cell's limits, and release_agent starts programs on the host"},
		{group: "kernel files", name: "what tells of kernel, machine and agent is masked", look: checkReads,
			why: "addresses, logs, keys and hardware help to attack the kernel, and name the host"},
		{group: "kernel files", name: "figures of the whole machine", known: true, look: knownReads,
			why: "programs and runtimes need them; load can be told from them, and nothing about whose it is"},

		{group: "network", name: "no interface but lo", look: checkInterfaces, why: "an interface is a way out"},
		{group: "network", name: "no route leads anywhere", look: func(e evidence) []string { return e.Routes },
			why: "a route is a way out"},
		{group: "network", name: "no name server", look: func(e evidence) []string { return e.Nameservers },
			why: "names can carry data out, and the server's address is the host's business"},
		{group: "network", name: "nothing outside is reached", look: checkReached,
			why: "host sockets, abstract ones too, clouds' metadata and the Internet are no program's business"},
		{group: "network", name: "no abstract sockets of others", look: func(e evidence) []string { return e.Abstract },
			why: "they belong to a network namespace, whatever the file system says"},

		{group: "host and neighbours", name: "no name of the host", look: checkNames, why: "it says whose machine this is"},
		{group: "host and neighbours", name: "the environment is what the program was given", look: checkEnviron,
			why: "the server's environment may hold its secrets"},
		{group: "host and neighbours", name: "no process but the agent and the program", look: checkProcesses,
			why: "processes of others say what they do, and can be signalled"},
		{group: "host and neighbours", name: "nothing that a neighbour left", look: checkTraces,
			why: "what one cell leaves and another finds is a channel"},
	}
	for _, g := range syscalls {
		list = append(list, check{group: "system calls", name: g.group, why: g.why, look: checkSyscalls(g.names)})
	}
	return list
}

// differ says what is not as it should be, by whom.
func differ(found []string, name, want string, seen map[string]string, by string) []string {
	if got, ok := seen[name]; !ok || got != want {
		found = append(found, fmt.Sprintf("%s is %q, %s", name, got, by))
	}
	return found
}

const (
	byHost    = "says the host"
	byProgram = "says the program"
)

// bothStatus wants a value in the status of the process, seen from both sides.
func bothStatus(name, want string) func(evidence) []string {
	return func(e evidence) []string {
		return differ(differ(nil, name, want, e.Audited.Status, byHost), name, want, e.Status, byProgram)
	}
}

func checkCapabilities(e evidence) []string {
	var found []string
	for _, set := range []string{"CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"} {
		found = append(found, bothStatus(set, "0000000000000000")(e)...)
	}
	return found
}

func checkUser(e evidence) []string {
	id := strconv.Itoa(wire.JobUID)
	ids := strings.Join([]string{id, id, id, id}, "\t")
	found := differ(nil, "Uid", ids, e.Status, byProgram)
	found = differ(found, "Gid", ids, e.Status, byProgram)
	return differ(found, "Groups", "", e.Status, byProgram)
}

// checkUIDMap looks at the map as the host sees it: lines of first id inside, first id outside, length.
func checkUIDMap(e evidence) []string {
	var found []string
	lines := strings.FieldsFunc(e.Audited.UIDMap, func(r rune) bool { return r == '\n' })
	for _, line := range lines {
		if f := strings.Fields(line); len(f) != 3 || f[1] == "0" {
			found = append(found, "uid_map: "+strings.Join(f, " "))
		}
	}
	if len(lines) == 0 {
		found = append(found, "no uid_map")
	}
	if uid, _, _ := strings.Cut(e.Audited.Status["Uid"], "\t"); uid == "0" || uid == "" {
		found = append(found, fmt.Sprintf("uid on the host: %q", uid))
	}
	return found
}

func checkDescriptors(e evidence) []string {
	var found []string
	for _, fd := range slices.Sorted(maps.Keys(e.Descriptors)) {
		to := e.Descriptors[fd]
		standard := fd == "0" || fd == "1" || fd == "2"
		if !standard || (to != "/dev/null" && !strings.HasPrefix(to, "pipe:[")) {
			found = append(found, fd+" -> "+to)
		}
	}
	if len(e.Descriptors) == 0 {
		found = append(found, "the program saw none")
	}
	return found
}

// own are the namespaces that a cell has of its own.
var own = []string{"cgroup", "ipc", "mnt", "net", "pid", "user", "uts"}

func checkNamespaces(e evidence) []string {
	var found []string
	for _, ns := range own {
		seen, host := e.Audited.Namespaces[ns], e.Host.Namespaces[ns]
		switch {
		case seen == "" || seen == host:
			found = append(found, fmt.Sprintf("%s: %q is the host's", ns, seen))
		case seen != e.Report.Namespaces[ns]:
			found = append(found, fmt.Sprintf("%s: %q, says the program, and %q the host", ns, e.Report.Namespaces[ns], seen))
		}
	}
	return found
}

func checkNeighbourNamespaces(e evidence) []string {
	if e.Neighbour == nil {
		return []string{"there was no neighbour to compare with"}
	}
	var found []string
	for _, ns := range own {
		shared := e.Neighbour.Namespaces[ns] == e.Audited.Namespaces[ns]
		if shared && (ns != "user" || !e.Rootless) {
			found = append(found, fmt.Sprintf("%s: %q", ns, e.Audited.Namespaces[ns]))
		}
	}
	return found
}

func checkTime(e evidence) []string {
	if ns := e.Audited.Namespaces["time"]; ns == e.Host.Namespaces["time"] && ns != "" {
		return []string{ns}
	}
	return nil
}

// checkCgroupPaths looks at lines of hierarchy:controllers:path.
func checkCgroupPaths(e evidence) []string {
	found := slices.DeleteFunc(slices.Clone(e.Cgroups), func(line string) bool { return strings.HasSuffix(line, ":/") })
	if len(e.Cgroups) == 0 {
		found = append(found, "the program saw none")
	}
	return found
}

func checkWritable(e evidence) []string {
	return slices.DeleteFunc(slices.Clone(e.Writable), func(file string) bool { return slices.Contains(wire.Writable, file) })
}

func checkComplete(e evidence) []string {
	if e.Complete {
		return nil
	}
	return []string{"it was cut"}
}

// harmless are the devices that a cell has: null, zero, full, random, urandom and tty.
var harmless = []string{"character 1:3", "character 1:5", "character 1:7", "character 1:8", "character 1:9", "character 5:0"}

func checkDevices(e evidence) []string {
	return slices.DeleteFunc(slices.Clone(e.Devices), func(device string) bool {
		_, what, _ := strings.Cut(device, " ")
		return slices.Contains(harmless, what)
	})
}

func checkMemfd(e evidence) []string {
	if e.MemfdExec == Got {
		return []string{"by way of memfd_create"}
	}
	return nil
}

// CgroupDir is where a cell's cgroups are.
const CgroupDir = "/sys/fs/cgroup"

func inCgroup(file string) bool { return file == CgroupDir || strings.HasPrefix(file, CgroupDir+"/") }

func checkKernelFiles(e evidence) []string {
	found := got(e.Write, WriteProbes)
	for _, file := range e.KernelFiles {
		if !inCgroup(file) && !slices.Contains(found, file) {
			found = append(found, file)
		}
	}
	return found
}

func checkCgroupFiles(e evidence) []string {
	return slices.DeleteFunc(slices.Clone(e.KernelFiles), func(file string) bool { return !inCgroup(file) })
}

func checkReads(e evidence) []string { return got(e.Read, closedReads) }

func knownReads(e evidence) []string {
	return slices.DeleteFunc(slices.Clone(openReads), func(file string) bool { return e.Read[file] != Got })
}

// got lists the probes that got through, and those that were not made.
func got(seen map[string]string, probes []string) []string {
	var found []string
	for _, name := range probes {
		switch seen[name] {
		case Got:
			found = append(found, name)
		case "":
			found = append(found, name+": not tried")
		}
	}
	return found
}

func checkInterfaces(e evidence) []string {
	if slices.Equal(e.Interfaces, []string{"lo"}) {
		return nil
	}
	return append([]string{"interfaces:"}, e.Interfaces...)
}

// unreached are the ends of a connect that reached nobody.
var unreached = []string{"ECONNREFUSED", "ENETUNREACH", "EADDRNOTAVAIL", "ENOENT", "EACCES", "EPERM", "EAFNOSUPPORT"}

func checkReached(e evidence) []string {
	var found []string
	for _, what := range slices.Sorted(maps.Keys(e.Reached)) {
		if how := e.Reached[what]; !slices.Contains(unreached, how) {
			found = append(found, what+": "+how)
		}
	}
	if len(e.Reached) == 0 {
		found = append(found, "nothing was tried")
	}
	return found
}

func checkNames(e evidence) []string {
	var found []string
	for _, where := range slices.Sorted(maps.Keys(e.Names)) {
		for _, word := range strings.Fields(e.Names[where]) {
			if strings.EqualFold(word, e.Hostname) && word != "localhost" {
				found = append(found, where+": "+word)
			}
		}
	}
	if len(e.Names) == 0 {
		found = append(found, "the program saw none")
	}
	return found
}

func checkEnviron(e evidence) []string {
	var found []string
	for _, v := range e.Report.Environ {
		if !slices.Contains(e.Host.Environ, v) {
			name, _, _ := strings.Cut(v, "=")
			found = append(found, name) // and not its value, which may be a secret
		}
	}
	return found
}

func checkProcesses(e evidence) []string {
	var found []string
	for _, pid := range slices.Sorted(maps.Keys(e.Processes)) {
		agent := pid == "1" && e.Processes[pid] == path.Base(wire.AgentPath)
		if !agent && pid != e.Status["Pid"] {
			found = append(found, pid+" "+e.Processes[pid])
		}
	}
	if len(e.Processes) == 0 {
		found = append(found, "the program saw none")
	}
	return found
}

func checkTraces(e evidence) []string {
	var found []string
	for _, what := range slices.Sorted(maps.Keys(e.Traces)) {
		if e.Traces[what] == Got {
			found = append(found, what)
		}
	}
	if len(e.Traces) == 0 {
		found = append(found, "nothing was looked for")
	}
	return found
}

func checkSyscalls(names []string) func(evidence) []string {
	return func(e evidence) []string {
		var found []string
		for _, name := range names {
			how, tried := e.Syscalls[name]
			switch {
			case !tried:
				found = append(found, name+": not tried")
			case !slices.Contains(refusals, how):
				found = append(found, name+": "+how)
			}
		}
		return found
	}
}

// matches says whether a path is one of a list of patterns (path.Match).
func matches(patterns []string, at string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { ok, _ := path.Match(p, at); return ok })
}
