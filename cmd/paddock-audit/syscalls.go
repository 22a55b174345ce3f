package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"paddock/audit"
)

// self is this program, also where no path leads to it any more.
const self = "/proc/self/exe"

// probeTime is far longer than a call takes that fails at once.
const probeTime = 5 * time.Second

// probeApart tries a system call in a process of its own and says how that ended.
func probeApart(name string) string {
	ctx, cancel := context.WithTimeout(context.Background(), probeTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, self, modeProbe, name)
	var out bytes.Buffer
	cmd.Stdout = &out
	err := cmd.Run()
	if killed(err) {
		return audit.Killed
	}
	if err != nil {
		return err.Error()
	}
	return out.String()
}

// killed says whether a filter ended a process.
func killed(err error) bool {
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		return false
	}
	st, ok := exit.Sys().(syscall.WaitStatus)
	return ok && st.Signaled() && st.Signal() == unix.SIGSYS
}

// init keeps the main goroutine on the main thread, so that a probe is never there: a main thread that was killed stays to be seen.
func init() { runtime.LockOSThread() }

// threadTick is how often a probe's thread is looked at.
const threadTick = 5 * time.Millisecond

// probe tries a system call in this process, on a thread of its own: a filter may kill just that.
func probe(name string) string {
	try, ok := calls[name]
	if !ok {
		return audit.Absent
	}
	thread, ended := make(chan int, 1), make(chan string, 1)
	go func() {
		runtime.LockOSThread()
		thread <- unix.Gettid()
		ended <- outcome(try())
		<-make(chan int) // the thread stays, so that only a killed one is gone
	}()
	at := "/proc/self/task/" + strconv.Itoa(<-thread)
	for {
		select {
		case how := <-ended:
			return how
		case <-time.After(threadTick):
			if _, err := os.Stat(at); errors.Is(err, os.ErrNotExist) {
				return audit.Killed
			}
		}
	}
}

// Arguments that no call takes: an address that is nobody's, a descriptor that isn't open, flags that don't exist, a process that
// isn't there.
const (
	nowhere = 1
	noFD    = ^uintptr(0)
	noFlags = uintptr(0xffffffff)
	nobody  = 0x7fffffff
)

// calls are the probes, by the names of audit.Syscalls. Each call is made so that the kernel would refuse it for its arguments, and
// where it can be before it asks for a capability, so that the answer tells the filter from the kernel.
var calls = map[string]func() error{
	"unshare user":   unshare(unix.CLONE_NEWUSER),
	"unshare mnt":    unshare(unix.CLONE_NEWNS),
	"unshare pid":    unshare(unix.CLONE_NEWPID),
	"unshare net":    unshare(unix.CLONE_NEWNET),
	"unshare ipc":    unshare(unix.CLONE_NEWIPC),
	"unshare uts":    unshare(unix.CLONE_NEWUTS),
	"unshare cgroup": unshare(unix.CLONE_NEWCGROUP),
	"unshare time":   unshare(unix.CLONE_NEWTIME),
	"clone user":     clone(unix.CLONE_NEWUSER),
	"clone mnt":      clone(unix.CLONE_NEWNS),
	"clone pid":      clone(unix.CLONE_NEWPID),
	"clone net":      clone(unix.CLONE_NEWNET),
	"clone ipc":      clone(unix.CLONE_NEWIPC),
	"clone uts":      clone(unix.CLONE_NEWUTS),
	"clone cgroup":   clone(unix.CLONE_NEWCGROUP),
	"clone3":         call(unix.SYS_CLONE3, 0, 0),
	"setns":          call(unix.SYS_SETNS, noFD, 0),

	"mount":         call(unix.SYS_MOUNT, nowhere, nowhere, nowhere, 0, 0),
	"umount2":       call(unix.SYS_UMOUNT2, nowhere, noFlags),
	"pivot_root":    call(unix.SYS_PIVOT_ROOT, nowhere, nowhere),
	"chroot":        call(unix.SYS_CHROOT, nowhere),
	"open_tree":     call(unix.SYS_OPEN_TREE, noFD, nowhere, 0),
	"move_mount":    call(unix.SYS_MOVE_MOUNT, noFD, nowhere, noFD, nowhere, noFlags),
	"fsopen":        call(unix.SYS_FSOPEN, nowhere, noFlags),
	"fsconfig":      call(unix.SYS_FSCONFIG, noFD, 0, 0, 0, 0),
	"fsmount":       call(unix.SYS_FSMOUNT, noFD, noFlags, 0),
	"fspick":        call(unix.SYS_FSPICK, noFD, nowhere, noFlags),
	"mount_setattr": call(unix.SYS_MOUNT_SETATTR, noFD, nowhere, noFlags, 0, 0),
	"statmount":     call(unix.SYS_STATMOUNT, nowhere, 0, 0, 0),
	"listmount":     call(unix.SYS_LISTMOUNT, nowhere, 0, 0, 0),
	"swapon":        call(unix.SYS_SWAPON, nowhere, noFlags),
	"swapoff":       call(unix.SYS_SWAPOFF, nowhere),
	"quotactl":      call(unix.SYS_QUOTACTL, noFlags, nowhere, 0, 0),
	"quotactl_fd":   call(unix.SYS_QUOTACTL_FD, noFD, noFlags, 0, 0),

	"ptrace":            call(unix.SYS_PTRACE, unix.PTRACE_PEEKDATA, nobody, 0, 0),
	"process_vm_readv":  call(unix.SYS_PROCESS_VM_READV, nobody, 0, 0, 0, 0, noFlags),
	"process_vm_writev": call(unix.SYS_PROCESS_VM_WRITEV, nobody, 0, 0, 0, 0, noFlags),
	"process_madvise":   call(unix.SYS_PROCESS_MADVISE, noFD, 0, 0, 0, noFlags),
	"process_mrelease":  call(unix.SYS_PROCESS_MRELEASE, noFD, noFlags),
	"pidfd_getfd":       call(unix.SYS_PIDFD_GETFD, noFD, noFD, noFlags),
	"kcmp":              call(unix.SYS_KCMP, nobody, nobody, 0, 0, 0),

	"bpf":               call(unix.SYS_BPF, noFlags, 0, 0),
	"perf_event_open":   call(unix.SYS_PERF_EVENT_OPEN, nowhere, 0, 0, noFD, 0),
	"userfaultfd":       call(unix.SYS_USERFAULTFD, unix.O_CLOEXEC|1), // UFFD_USER_MODE_ONLY: what the kernel lets anybody have
	"fanotify_init":     call(unix.SYS_FANOTIFY_INIT, noFlags, 0),
	"inotify_init1":     call(unix.SYS_INOTIFY_INIT1, noFlags),
	"io_uring_setup":    call(unix.SYS_IO_URING_SETUP, 1, nowhere),
	"io_uring_enter":    call(unix.SYS_IO_URING_ENTER, noFD, 0, 0, 0, 0, 0),
	"io_uring_register": call(unix.SYS_IO_URING_REGISTER, noFD, noFlags, 0, 0),
	"io_setup":          call(unix.SYS_IO_SETUP, 1, nowhere),

	"keyctl":      call(unix.SYS_KEYCTL, noFlags, 0, 0, 0, 0),
	"add_key":     call(unix.SYS_ADD_KEY, nowhere, 0, 0, 0, 0),
	"request_key": call(unix.SYS_REQUEST_KEY, nowhere, 0, 0, 0),

	"open_by_handle_at": call(unix.SYS_OPEN_BY_HANDLE_AT, noFD, nowhere, 0),
	"name_to_handle_at": call(unix.SYS_NAME_TO_HANDLE_AT, noFD, nowhere, nowhere, nowhere, noFlags),

	"init_module":     call(unix.SYS_INIT_MODULE, nowhere, 0, nowhere),
	"finit_module":    call(unix.SYS_FINIT_MODULE, noFD, nowhere, noFlags),
	"delete_module":   call(unix.SYS_DELETE_MODULE, nowhere, 0),
	"kexec_load":      call(unix.SYS_KEXEC_LOAD, 0, 0, 0, noFlags), // with no flags it would forget a kernel that is loaded
	"kexec_file_load": call(unix.SYS_KEXEC_FILE_LOAD, noFD, noFD, 0, nowhere, noFlags),
	"reboot":          call(unix.SYS_REBOOT, 0, 0, 0, 0), // 0 is not the magic number without which nothing happens
	"acct":            call(unix.SYS_ACCT, nowhere),
	"syslog":          call(unix.SYS_SYSLOG, syslogSize, 0, 0),

	"clock_settime": call(unix.SYS_CLOCK_SETTIME, unix.CLOCK_REALTIME, nowhere),
	"settimeofday":  call(unix.SYS_SETTIMEOFDAY, nowhere, 0),
	"clock_adjtime": call(unix.SYS_CLOCK_ADJTIME, unix.CLOCK_REALTIME, nowhere),
	"adjtimex":      call(unix.SYS_ADJTIMEX, nowhere),
	"sethostname":   call(unix.SYS_SETHOSTNAME, nowhere, noFlags),
	"setdomainname": call(unix.SYS_SETDOMAINNAME, nowhere, noFlags),

	"mknod character": mknod(unix.S_IFCHR, unix.Mkdev(1, 3)),
	"mknod block":     mknod(unix.S_IFBLK, unix.Mkdev(7, 0)),

	"mbind":         call(unix.SYS_MBIND, 0, 0, noFlags, 0, 0, noFlags),
	"set_mempolicy": call(unix.SYS_SET_MEMPOLICY, noFlags, 0, 0),
	"migrate_pages": call(unix.SYS_MIGRATE_PAGES, nobody, 0, 0, 0),
	"move_pages":    call(unix.SYS_MOVE_PAGES, 0, 0, 0, 0, 0, noFlags),
	"memfd_secret":  call(unix.SYS_MEMFD_SECRET, 0),
	"vmsplice":      call(unix.SYS_VMSPLICE, noFD, 0, 0, 0),

	"personality no randomisation": call(unix.SYS_PERSONALITY, noRandomisation),

	"netlink":            socket(unix.AF_NETLINK, unix.SOCK_RAW, unix.NETLINK_ROUTE),
	"packet":             socket(unix.AF_PACKET, unix.SOCK_RAW, 0),
	"raw":                socket(unix.AF_INET, unix.SOCK_RAW, unix.IPPROTO_ICMP),
	"raw ipv6":           socket(unix.AF_INET6, unix.SOCK_RAW, unix.IPPROTO_ICMPV6),
	"vsock":              socket(unix.AF_VSOCK, unix.SOCK_STREAM, 0),
	"alg":                socket(unix.AF_ALG, unix.SOCK_SEQPACKET, 0),
	"key":                socket(unix.AF_KEY, unix.SOCK_RAW, 2),
	"xdp":                socket(unix.AF_XDP, unix.SOCK_RAW, 0),
	"bluetooth":          socket(unix.AF_BLUETOOTH, unix.SOCK_RAW, 1),
	"can":                socket(unix.AF_CAN, unix.SOCK_RAW, 1),
	"tipc":               socket(unix.AF_TIPC, unix.SOCK_RDM, 0),
	"sctp":               socket(unix.AF_INET, unix.SOCK_STREAM, unix.IPPROTO_SCTP),
	"dccp":               socket(unix.AF_INET, unix.SOCK_DCCP, unix.IPPROTO_DCCP),
	"socketpair tipc":    socketpair(unix.AF_TIPC, unix.SOCK_SEQPACKET),
	"socketpair netlink": socketpair(unix.AF_NETLINK, unix.SOCK_RAW),
	"socketpair inet":    socketpair(unix.AF_INET, unix.SOCK_STREAM),

	memfdExec: execMemfd,
}

const (
	syslogSize      = 10      // the size of the kernel's log
	noRandomisation = 0x40000 // ADDR_NO_RANDOMIZE
	memfdExec       = "exec of a memfd"
)

// call makes a system call.
func call(number uintptr, args ...uintptr) func() error {
	var a [6]uintptr
	copy(a[:], args)
	return func() error {
		if _, _, no := unix.Syscall6(number, a[0], a[1], a[2], a[3], a[4], a[5]); no != 0 {
			return no
		}
		return nil
	}
}

// unshare makes namespaces in a child that has one thread only: the kernel refuses a user namespace to a process with several.
func unshare(flags uintptr) func() error {
	return func() error { return child(&syscall.SysProcAttr{Unshareflags: flags}) }
}

func clone(flags uintptr) func() error {
	return func() error { return child(&syscall.SysProcAttr{Cloneflags: flags}) }
}

// errKilled says that a filter ended a child before it was a program.
var errKilled = errors.New(audit.Killed)

// child starts a process that does nothing.
func child(attr *syscall.SysProcAttr) error {
	cmd := exec.Command(self, modeNothing) //nolint:noctx // whoever started this probe ends it
	cmd.SysProcAttr = attr
	if err := cmd.Start(); err != nil {
		return err
	}
	if err := cmd.Wait(); killed(err) {
		return errKilled
	}
	return nil // it was made, whatever became of it: a runtime does not live everywhere
}

func mknod(kind uint32, dev uint64) func() error {
	return func() error {
		path := filepath.Join(os.TempDir(), "paddock-audit-device")
		err := unix.Mknod(path, kind|0o600, int(dev)) //nolint:gosec // a small number
		if err == nil {
			_ = os.Remove(path)
		}
		return err
	}
}

func socket(family, kind, protocol int) func() error {
	return func() error {
		_, err := unix.Socket(family, kind, protocol)
		return err
	}
}

func socketpair(family, kind int) func() error {
	return func() error {
		_, err := unix.Socketpair(family, kind, 0)
		return err
	}
}

// execMemfd starts this program from memory.
func execMemfd() error {
	data, err := os.ReadFile(self)
	if err != nil {
		return err
	}
	return startFromMemory(data, modeNothing)
}

// startFromMemory runs a program that is in no file.
func startFromMemory(program []byte, args ...string) error {
	fd, err := unix.MemfdCreate("program", 0)
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), "program")
	defer func() { _ = f.Close() }()
	if _, err := f.Write(program); err != nil {
		return err
	}
	cmd := exec.Command("/proc/self/fd/3", args...) //nolint:noctx // whoever started this probe ends it
	cmd.ExtraFiles = []*os.File{f}
	return cmd.Run()
}
