package audit

import "slices"

// Syscall is a call that must be refused, with arguments that would do nothing were it not: what it is called with is the
// program's business (cmd/paddock-audit has the same names).
type Syscall struct{ Group, Name string }

// syscalls are the groups of calls that must be refused, and why.
var syscalls = []struct {
	group string
	names []string
	why   string
}{
	{"new namespaces", []string{
		"unshare user", "unshare mnt", "unshare pid", "unshare net", "unshare ipc", "unshare uts", "unshare cgroup", "unshare time",
		"clone user", "clone mnt", "clone pid", "clone net", "clone ipc", "clone uts", "clone cgroup", "clone3", "setns",
	}, "a namespace of one's own has its own root, and with it most of the kernel's holes come within reach"},
	{"mounts", []string{
		"mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount", "fsopen", "fsconfig", "fsmount", "fspick",
		"mount_setattr", "statmount", "listmount", "swapon", "swapoff", "quotactl", "quotactl_fd",
	}, "whoever mounts chooses what files there are"},
	{"other processes", []string{
		"ptrace", "process_vm_readv", "process_vm_writev", "process_madvise", "process_mrelease", "pidfd_getfd", "kcmp",
	}, "memory and descriptors of others; debuggers and strace do not work in a cell, for that"},
	{"the kernel's machines", []string{
		"bpf", "perf_event_open", "userfaultfd", "fanotify_init", "inotify_init1", "io_uring_setup", "io_uring_enter",
		"io_uring_register", "io_setup",
	}, "programs, eyes and queues inside the kernel: large, and around what other rules say"},
	{"keyrings", []string{"keyctl", "add_key", "request_key"}, "keys are not namespaced: one cell could leave one for the next"},
	{"file handles", []string{"open_by_handle_at", "name_to_handle_at"}, "they reach files without a path, past every mount"},
	{"modules and power", []string{
		"init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "acct", "syslog",
	}, "the host's kernel is nobody's but the host's"},
	{"clocks and names", []string{
		"clock_settime", "settimeofday", "clock_adjtime", "adjtimex", "sethostname", "setdomainname",
	}, "the clock is the whole host's"},
	{"device files", []string{"mknod character", "mknod block"}, "a device file opens a driver"},
	{"memory placement", []string{
		"mbind", "set_mempolicy", "migrate_pages", "move_pages", "memfd_secret", "vmsplice",
	}, "memory that is moved, pinned or hidden is the host's to manage"},
	{"hardware and legacy", []string{
		"iopl", "ioperm", "modify_ldt", "uselib", "personality no randomisation", "x32 call", "32-bit call",
	}, "another table of calls, which the filter does not name, and calls nobody has a use for"},
	{"socket families", []string{
		"netlink", "packet", "raw", "raw ipv6", "vsock", "alg", "key", "xdp", "bluetooth", "can", "tipc", "sctp", "dccp",
		"socketpair tipc", "socketpair netlink", "socketpair inet",
	}, "other protocols are not held by a network namespace, or load modules with holes of their own"},
}

// Syscalls are all calls that must be refused.
func Syscalls() []Syscall {
	var list []Syscall
	for _, g := range syscalls {
		for _, name := range g.names {
			list = append(list, Syscall{g.group, name})
		}
	}
	return list
}

// refusals are the ends of a probe of a system call that say no: the filter's answers, and the kernel's when it says that
// nobody may, or that there is no such thing. EFAULT, EINVAL or EBADF is none: it came from the call itself.
var refusals = []string{"EPERM", "ENOSYS", "EAFNOSUPPORT", "EPROTONOSUPPORT", "ESOCKTNOSUPPORT", Killed, Absent}

// WriteProbes are files that the program tries to open for writing: through the first five a container takes its host over.
var WriteProbes = []string{
	"/proc/sys/kernel/core_pattern", "/proc/sys/kernel/modprobe", "/sys/kernel/uevent_helper", "/proc/sysrq-trigger",
	"/proc/sys/fs/binfmt_misc/register", "/proc/sys/kernel/sysrq", "/proc/sys/kernel/hotplug", "/proc/sys/kernel/poweroff_cmd",
	"/proc/sys/kernel/random/boot_id", "/proc/sys/vm/panic_on_oom", "/proc/sys/vm/drop_caches", "/proc/sys/kernel/ns_last_pid",
	"/proc/pressure/memory", "/proc/mtrr", "/sys/power/state", "/sys/kernel/mm/ksm/run", "/proc/1/mem", "/proc/1/oom_score_adj",
}

// Reads are all files and directories that the program tries to read.
func Reads() []string { return slices.Concat(closedReads, openReads) }

// openReads are what a cell is known to see of its host: figures that the kernel keeps for the whole machine, which programs and
// their runtimes ask for.
var openReads = []string{
	"/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg", "/proc/uptime", "/proc/version", "/proc/vmstat",
	"/proc/zoneinfo", "/proc/buddyinfo", "/proc/sys/kernel/random/boot_id",
}

// closedReads are files and directories in which there must be nothing for the program.
var closedReads = []string{
	// the host's kernel: memory, log, addresses, keys, timers, other processes
	"/proc/kcore", "/proc/kmsg", "/dev/kmsg", "/proc/kallsyms", "/proc/keys", "/proc/timer_list", "/proc/timer_stats",
	"/proc/sched_debug", "/proc/latency_stats", "/proc/interrupts", "/proc/vmallocinfo", "/proc/slabinfo", "/proc/kpagecount",
	"/proc/pagetypeinfo", "/sys/kernel",
	// the host's machine: how it was started, its disks, cards, firmware
	"/proc/cmdline", "/proc/diskstats", "/proc/partitions", "/proc/modules", "/proc/pressure", "/proc/fs", "/proc/scsi",
	"/proc/acpi", "/sys/block", "/sys/bus", "/sys/class", "/sys/dev", "/sys/devices", "/sys/firmware", "/sys/hypervisor",
	"/sys/module", "/sys/power", "/sys/fs/btrfs", "/sys/fs/ext4", "/sys/fs/xfs",
	"/dev/mem", "/dev/port", "/dev/vsock", "/dev/fuse", "/dev/kvm", "/dev/net/tun",
	// the agent
	"/proc/1/environ", "/proc/1/maps", "/proc/1/mem", "/proc/1/fd", "/proc/1/root", "/proc/1/cwd",
}
