package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/languages"
	"paddock/sandbox/podman"
)

// probe is a program that tells whatever it can find of those before it.
//
//go:embed testdata/probe.py
var probe string

// report is what the probe tells.
type report struct {
	Name   string         // of the cell
	Same   map[string]any // what every new cell has alike
	Cell   map[string]any // what stays as it is in one cell
	Memory int64          // bytes in use
}

// probe runs the probe for a user.
func (s *server) probe(t *testing.T, user string) report {
	t.Helper()
	a := s.python(t, probe, object{"user_id": user})
	wantVerdict(t, a, "ok")
	var r report
	require.NoError(t, json.Unmarshal([]byte(a.text("stdout")), &r), a.text("stderr"))
	require.NotEmpty(t, r.Name)
	require.NotZero(t, r.Memory)
	return r
}

// usedMemory is by how much the memory in use may differ between two probes: the kernel's own, and caches.
const usedMemory = 8 << 20

// same checks that two reports tell the same, part by part so that a difference can be read.
func (r report) same(t *testing.T, before report) {
	t.Helper()
	parts := []struct{ was, is map[string]any }{{before.Same, r.Same}}
	if r.Name == before.Name {
		parts = append(parts, struct{ was, is map[string]any }{before.Cell, r.Cell})
	}
	for _, p := range parts {
		assert.Len(t, p.is, len(p.was))
		for key, was := range p.was {
			assert.Equal(t, was, p.is[key], key)
		}
	}
	assert.InDelta(t, before.Memory, r.Memory, usedMemory)
}

// prelude is before each of the Python programs that leave something, and says in which cell.
const prelude = `import array, ctypes, errno, fcntl, mmap, os, re, signal, socket, struct, subprocess, sys, time
libc = ctypes.CDLL(None, use_errno=True)
with open('/proc/self/mountinfo') as mounts:
    print(re.search(r'/(paddock-[0-9a-f-]+) /run/paddock ', mounts.read())[1], flush=True)

def refused(f, *args):
    """What f does is not allowed here."""
    try:
        r = f(*args)
    except OSError as e:
        assert e.errno in (errno.EPERM, errno.EACCES, errno.EROFS, errno.ENOSYS, errno.EINVAL, errno.ESRCH), e
        return
    assert r == -1, (f, args, r)
    assert ctypes.get_errno() in (errno.EPERM, errno.EACCES, errno.ENOSYS), ctypes.get_errno()

def write(path, data):
    with open(path, 'wb', buffering=0) as f:
        f.write(data)

def daemon(f):
    """Calls f in a process that nobody waits for, and returns once it has been called."""
    r, w = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            f()
            os.write(w, b'.')
            while True:
                time.sleep(1000)
        os._exit(0)
    os.wait()
    assert os.read(r, 1) == b'.'
`

// leavings are programs that leave something. Each fails when it could not. Where found is empty, the agent removes it and the
// cell is kept; else found is why the cell is gone.
var leavings = []struct{ name, code, found string }{
	{"nothing", `pass`, ""},
	{"files everywhere", `
for top in '/box', '/tmp', '/dev/shm':
    for name in 'file', '.hidden', '...', '-rf', 'new\nline', '\udcff', 'x' * 255:
        write(f'{top}/{name}', b'left')
        os.mkdir(f'{top}/{name[:9]}.d', 0o777)
    os.symlink('/etc/passwd', f'{top}/link')
    os.symlink('/', f'{top}/root')
    os.link(f'{top}/file', f'{top}/hard')
    os.mkfifo(f'{top}/fifo')
    os.mknod(f'{top}/sock', 0o140777)
    os.setxattr(f'{top}/file', 'user.left', b'left')
os.chmod('/tmp/file', 0o7777)
`, ""},
	{"files that the next program would read", `
for path in '.bashrc', '.profile', '.python_history', 'sitecustomize.py', 'os.py', 'json.py':
    write('/box/' + path, b'print("left")')
site = os.path.expanduser(f'~/.local/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages')
os.makedirs(site)
write(site + '/left.pth', b'import sys; print("left")')
write('/tmp/json.py', b'print("left")')
os.rename('/box/main.py', '/box/other.py')
os.symlink('/tmp/json.py', '/box/main.py')
`, ""},
	{"closed doors", `
for top in '/box', '/tmp', '/dev/shm':
    os.makedirs(top + '/a/b/c/d')
    write(top + '/a/b/c/file', b'left')
    for d in '/a/b/c/d', '/a/b/c', '/a/b', '/a':
        os.chmod(top + d, 0)
`, ""},
	{"a deep tree", `
for top in '/box', '/tmp', '/dev/shm':
    os.chdir(top)
    for _ in range(1500):
        os.mkdir('deeper')
        os.chdir('deeper')
    write('end', b'left')
`, ""},
	{"10 000 files", `
os.mkdir('/tmp/many')
for i in range(5000):
    os.close(os.open(f'/tmp/many/{i}', os.O_CREAT))
    os.close(os.open(f'/box/{i}', os.O_CREAT))
`, ""},
	{"more files than are worth removing", `
for i in range(20001):
    os.mknod(f'/dev/shm/{i}')
`, "too much in it"},
	{"full disks", `
for top in '/box', '/tmp', '/dev/shm':
    f = os.open(top + '/full', os.O_CREAT | os.O_RDWR)
    try:
        os.posix_fallocate(f, 0, 32 << 20)
        while True:
            os.write(os.open(top + f'/{time.monotonic_ns()}', os.O_CREAT | os.O_RDWR), bytes(1 << 20))
    except OSError as e:
        assert e.errno in (errno.ENOSPC, errno.EFBIG), e
`, ""},
	{"files that are open and deleted", `
def hold():
    for top in '/box', '/tmp', '/dev/shm':
        f = os.open(top + '/gone', os.O_CREAT | os.O_RDWR)
        os.posix_fallocate(f, 0, 16 << 20)
        os.unlink(top + '/gone')
    held = os.memfd_create('left')
    os.write(held, bytes(16 << 20))
    os.mkdir('/box/here'); os.chdir('/box/here'); os.rmdir('/box/here')
    mmap.mmap(held, 16 << 20)
daemon(hold)
`, ""},
	{"a deleted file on its way nowhere", `
f = os.open('/tmp/gone', os.O_CREAT | os.O_RDWR)
os.posix_fallocate(f, 0, 16 << 20)
os.unlink('/tmp/gone')
a, b = socket.socketpair()
a.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [f, a.fileno(), b.fileno()]))])
`, either},
	{"modes and times of the places", `
os.chmod('/box', 0)
os.utime('/box', (1, 1))
refused(os.chmod, '/tmp', 0o700)
refused(os.chmod, '/dev/shm', 0o700)
refused(os.chown, '/box', 0, 0)
refused(os.utime, '/tmp', (1, 1))
write('/tmp/file', b'')  # which changes its time
`, ""},
	{"an extended attribute of the box", `os.setxattr('/box', 'user.left', b'left')`, "/box: it has other attributes"},
	{"an access control list of the box", `
entries = ((1, 7), (4, 5), (32, 5))
os.setxattr('/box', 'system.posix_acl_default', struct.pack('<I', 2) + b''.join(struct.pack('<HHI', *e, 0xffffffff) for e in entries))
`, "/box: it has other attributes"},
	{"a flag of the box", `
NODUMP, FS_IOC_SETFLAGS = 0x40, 0x40086602
try:
    fcntl.ioctl(os.open('/box', 0), FS_IOC_SETFLAGS, struct.pack('l', NODUMP))
except OSError as e:
    assert e.errno == errno.ENOTTY  # Linux before 6.6: nobody can
    os.setxattr('/box', 'user.left', b'left')
`, "/box: it has other attributes"},
	{"a write hint of the box", `
F_SET_RW_HINT = 1036
fcntl.fcntl(os.open('/box', 0), F_SET_RW_HINT, struct.pack('Q', 3))
`, "/box: it has other attributes"},
	{"processes that do not want to go", `
def stubborn():
    for n in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(n, signal.SIG_IGN)
    libc.prctl(4, 0)  # PR_SET_DUMPABLE
    libc.prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
for _ in range(5):
    daemon(stubborn)
stopped = os.fork()
if stopped == 0:
    time.sleep(1000)
os.kill(stopped, signal.SIGSTOP)
assert os.WIFSTOPPED(os.waitpid(stopped, os.WUNTRACED)[1])
if os.fork() == 0:
    os._exit(0)  # a zombie
`, ""},
	{"processes that multiply", `
def multiply():
    if os.fork() == 0:
        while True:
            if os.fork():
                os._exit(0)
daemon(multiply)
daemon(multiply)
`, ""},
	{"timers and what waits", `
def wait():
    signal.signal(signal.SIGALRM, signal.SIG_IGN)
    signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
    timer = ctypes.c_void_p()
    assert libc.timer_create(1, None, ctypes.byref(timer)) == 0
    signal.pthread_sigmask(signal.SIG_BLOCK, range(34, 64))
    for _ in range(100):
        os.kill(os.getpid(), 40)  # queued
    os.eventfd(1)
    fcntl.flock(os.open('/usr/bin/env', os.O_RDONLY), fcntl.LOCK_EX)
    fcntl.lockf(os.open('/box/lock', os.O_CREAT | os.O_RDWR), fcntl.LOCK_EX)
    fcntl.fcntl(os.open('/box/lease', os.O_CREAT | os.O_RDONLY), fcntl.F_SETLEASE, fcntl.F_RDLCK)
    fcntl.fcntl(os.open('/box', os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_CREATE | fcntl.DN_MULTISHOT)
daemon(wait)
`, ""},
	{"what a process sets for itself", `
import resource
os.umask(0)
os.nice(19)
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
for n in resource.RLIMIT_NOFILE, resource.RLIMIT_STACK, resource.RLIMIT_NPROC, resource.RLIMIT_AS:
    resource.setrlimit(n, (1 << 30, resource.getrlimit(n)[1]) if n == resource.RLIMIT_AS else (100, 100))
os.environ['LEFT'] = 'left'
write('/proc/self/oom_score_adj', b'500')
write('/proc/self/timerslack_ns', b'123456')
write('/proc/self/coredump_filter', b'0')
write('/proc/self/comm', b'left')
try:
    write('/proc/self/autogroup', b'19')
except OSError:
    pass  # not in every kernel
for o, v in (8, 0), (38, 1), (41, 1), (29, 5):  # keepcaps, no new privileges, no huge pages, slack
    libc.prctl(o, v, 0, 0, 0)
libc.setlocale(6, b'C.UTF-8')
`, ""},
	{"a System V segment", `assert libc.shmget(0x4242, 4096, 0o1666) >= 0`, "SysV shared memory segments are left: 1"},
	{"a private System V segment", `assert libc.shmget(0, 4096, 0o1000) >= 0`, "SysV shared memory segments are left: 1"},
	{"System V semaphores", `assert libc.semget(0x4242, 5, 0o1666) >= 0`, "SysV semaphores are left: 1"},
	{"a System V queue", `
q = libc.msgget(0x4242, 0o1666)
assert q >= 0 and libc.msgsnd(q, struct.pack('l', 1) + b'left', 4, 0) == 0
`, "SysV message queues are left: 1"},
	{"a System V segment that goes with its process", `
libc.shmat.restype = ctypes.c_void_p
i = libc.shmget(0x4242, 1 << 20, 0o1666)
daemon(lambda: libc.shmat(i, None, 0))
assert libc.shmctl(i, 0, None) == 0  # IPC_RMID
assert ' 1048576 ' in open('/proc/sysvipc/shm').read()
`, ""},
	{"POSIX queues and what is named", `
class Attr(ctypes.Structure):
    _fields_ = [(n, ctypes.c_long) for n in ('flags', 'most', 'size', 'now')] + [('rest', ctypes.c_long * 4)]
for i in range(3):
    q = libc.mq_open(b'/left%d' % i, os.O_CREAT | os.O_RDWR, 0o666, ctypes.byref(Attr(0, 4, 64, 0)))
    assert q >= 0 and libc.mq_send(q, b'left', 4, 1) == 0
assert len(os.listdir('/dev/mqueue')) == 3
libc.sem_open.restype = ctypes.c_void_p
assert libc.sem_open(b'/left', os.O_CREAT, 0o666, 1)
assert libc.shm_open(b'/left2', os.O_CREAT | os.O_RDWR, 0o666) >= 0
`, ""},
	{"sockets of a process", `
def listen():
    for family, name in (socket.AF_UNIX, '\0left'), (socket.AF_UNIX, '/box/left'), (socket.AF_UNIX, '/tmp/left'):
        s = socket.socket(family)
        s.bind(name)
        s.listen()
        kept.append(s)
    for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
        s = socket.socket(socket.AF_INET, kind)
        s.bind(('127.0.0.1', 4242))
        kept.append(s)
    kept[3].listen()
kept = []
daemon(listen)
`, ""},
	{"sockets on their way nowhere", `
a, b = socket.socketpair()
s = socket.create_server(('127.0.0.1', 4242))
u = socket.socket(socket.AF_UNIX)
u.bind('\0left')
a.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array('i', [x.fileno() for x in (s, u, a, b)]))])
`, either},
	{"a port that waits", `
server = socket.create_server(('127.0.0.1', 4242))
c = socket.create_connection(server.getsockname())
server.accept()[0].close()
c.recv(1)
`, usedNetwork},
	{"a connection that was reset", `
server = socket.create_server(('127.0.0.1', 4242))
for c in socket.create_connection(server.getsockname()), server.accept()[0]:
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
    c.close()
assert ' tw 0 ' in open('/proc/net/sockstat').read()
`, usedNetwork},
	{"a datagram", `socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'left', ('127.0.0.1', 4242))`, usedNetwork},
	{"a counter of the network", `
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).connect(('192.0.2.1', 9))
except OSError as e:
    assert e.errno == errno.ENETUNREACH
`, usedNetwork},
	{"a flow label, which outlives its socket", `
IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, CREATE, ANYBODY = 41, 32, 1, 255
ask = socket.inet_pton(socket.AF_INET6, '::1') + struct.pack('>I', 0x1234) + struct.pack('BBHHHI', 0, ANYBODY, CREATE, 100, 100, 0)
socket.socket(socket.AF_INET6, socket.SOCK_DGRAM).setsockopt(IPPROTO_IPV6, IPV6_FLOWLABEL_MGR, ask)
assert '01234' in open('/proc/net/ip6_flowlabel').read()
`, usedNetwork},
	{"names, keys, mounts and settings", `
N = {'x86_64': (248, 250, 161, 165, 272, 308, 303, 300, 444), 'aarch64': (217, 219, 51, 40, 97, 268, 264, 262, 444)}[os.uname().machine]
add_key, keyctl, chroot, mount, unshare, setns, by_handle, fanotify = N[:8]
refused(libc.syscall, add_key, b'user', b'left', b'left', 4, -3)
refused(libc.syscall, keyctl, 1, b'left')
refused(libc.syscall, chroot, b'/box')
refused(libc.syscall, mount, b'none', b'/box', b'tmpfs', 0, None)
refused(libc.syscall, unshare, 0x10000000)
refused(libc.syscall, setns, 0, 0)
refused(libc.syscall, by_handle, 0, None, 0)
refused(libc.syscall, fanotify, 0, 0)
refused(libc.sethostname, b'left', 4)
refused(libc.setdomainname, b'left', 4)
refused(libc.inotify_init1, 0)
for path in ('/proc/sys/kernel/core_pattern', '/proc/sys/kernel/hostname', '/proc/sys/fs/mqueue/msg_max', '/proc/sys/kernel/shmmax',
             '/proc/sys/net/ipv4/ip_forward', '/etc/passwd', '/etc/locale.conf', '/etc/hosts', '/sys/fs/cgroup/left', '/run/paddock/left',
             '/dev/left', '/usr/left', '/sys/fs/cgroup/memory/memory.limit_in_bytes', '/sys/fs/cgroup/memory.max'):
    refused(os.open, path, os.O_WRONLY | os.O_CREAT)
refused(os.mkdir, '/sys/fs/cgroup/pids/left')
`, ""},
	{"something with the agent", `
import resource
for n in 0, signal.SIGTERM, signal.SIGSTOP, signal.SIGCONT, signal.SIGKILL, 40:
    refused(os.kill, 1, n)
refused(os.killpg, 1, signal.SIGSTOP)
refused(resource.prlimit, 1, resource.RLIMIT_NOFILE, (8, 8))
refused(os.sched_setaffinity, 1, {0})
refused(os.sched_setscheduler, 1, os.SCHED_IDLE, os.sched_param(0))
refused(os.setpriority, os.PRIO_PROCESS, 1, 19)
refused(libc.syscall, {'x86_64': 251, 'aarch64': 30}[os.uname().machine], 1, 1, 3 << 13)  # ioprio_set
refused(os.setpgid, 1, 0)
refused(libc.ptrace, 16, 1, 0, 0)
for name in 'oom_score_adj', 'coredump_filter', 'timerslack_ns', 'clear_refs', 'comm', 'autogroup', 'mem', 'uid_map', 'environ':
    refused(write, '/proc/1/' + name, b'1')
for name in 'fd', 'map_files', 'cwd', 'root':
    refused(os.listdir, '/proc/1/' + name)
refused(os.readlink, '/proc/1/ns/net')
`, ""},
}

const (
	usedNetwork = "the network has been used"
	either      = "either" // the kernel removes it, sooner or later: a cell where it is later is gone
)

// What one program leaves its user's next one does not see, or that runs in another cell.
func TestResetRemovesWhatProgramsLeave(t *testing.T) {
	s := live(t)
	fresh := map[string]report{} // what the first probe in each cell found
	var user string
	var first report
	for i, l := range leavings {
		if user == "" {
			user = fmt.Sprint("reset-", i)
			first = s.probe(t, user)
			fresh[first.Name] = first
		}
		passed := t.Run(l.name, func(t *testing.T) {
			logged := len(s.log.String())
			a := s.python(t, prelude+l.code, object{"user_id": user, "limits": object{"memory_mb": 512}})
			wantVerdict(t, a, "ok")
			left, _, _ := strings.Cut(a.text("stdout"), "\n") // the cell in which something is
			after := s.probe(t, user)
			said := s.log.String()[logged:]
			switch l.found {
			case either:
			case "":
				assert.Equal(t, left, after.Name, "the cell was not kept: %s", said)
			default:
				assert.NotEqual(t, left, after.Name)
				assert.Contains(t, said, left, "of which cell")
				assert.Contains(t, said, l.found)
			}
			if _, again := fresh[after.Name]; !again {
				fresh[after.Name] = after
				after.same(t, first)
			}
			after.same(t, fresh[after.Name])
		})
		if !passed {
			user = "" // the next one goes on as another, in another cell
		}
	}
}

// Every language's cells, in which compilers run as well, can be reset.
func TestEveryLanguageKeepsItsCell(t *testing.T) {
	s := live(t)
	set, err := languages.Load()
	require.NoError(t, err)
	for _, l := range set.List() {
		t.Run(l.Name, func(t *testing.T) {
			_, hello, err := l.Program(languages.Hello)
			require.NoError(t, err)
			run := func() { wantVerdict(t, s.program(t, l.Name, string(hello), object{"user_id": "keeper"}), "ok") }
			run()
			first := s.containers(t)
			logged := len(s.log.String())
			run()
			for name := range s.containers(t) {
				assert.Contains(t, first, name, "a new cell: %s", s.log.String()[logged:])
			}
		})
	}
}

// containers are the names of the server's containers.
func (s *server) containers(t *testing.T) map[string]bool {
	t.Helper()
	client, err := observer()
	require.NoError(t, err)
	id, err := os.ReadFile(filepath.Join(s.config.StateDir, "instance"))
	require.NoError(t, err)
	names, err := (&podman.Engine{Client: client}).Owned(context.Background(), strings.TrimSpace(string(id)))
	require.NoError(t, err)
	set := map[string]bool{}
	for _, n := range names {
		set[n] = true
	}
	return set
}

// tracer are programs that tell in which cell they run, and whose traces are there, and leave theirs.
var tracer = map[string]string{
	"bash": `sed -n 's|.*/\(paddock-[0-9a-f-]*\) /run/paddock .*|\1|p' /proc/self/mountinfo
ls -A /tmp /dev/shm /dev/mqueue | grep -i left; env | grep -i left; ls -A /box | grep -v main
for d in /box /tmp /dev/shm; do echo %[1]s >$d/left-by-%[1]s; mkdir -p $d/left/of/%[1]s; done
setsid sh -c 'trap "" TERM HUP; exec -a left-by-%[1]s sleep 1000' & true`,
	"python": `import os, re
print(re.search(r'/(paddock-[0-9a-f-]+) /run/paddock ', open('/proc/self/mountinfo').read())[1])
for top in '/tmp', '/dev/shm', '/dev/mqueue', '/box':
    print(*[n + '\n' for n in os.listdir(top) if n != 'main.py'], sep='', end='')
    if top != '/dev/mqueue': open(top + '/left-by-%[1]s', 'w').write('%[1]s')
print(*[n + '\n' for n in os.listdir('/proc') if n.isdigit() and int(n) not in (1, os.getpid())], sep='', end='')
if os.fork() == 0:
    os.setsid()
    os.execv('/bin/sleep', ['left-by-%[1]s', '1000'])`,
}

// seen notes which user has had which cell, how often.
type seen struct {
	mu    sync.Mutex
	cells map[string]map[string]int
}

func (s *seen) note(cell, user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cells[cell] == nil {
		s.cells[cell] = map[string]int{}
	}
	s.cells[cell][user]++
}

// trace runs each tracer so many times for each user, users and languages side by side.
func (s *server) trace(t *testing.T, times int, users ...string) map[string]map[string]int {
	t.Helper()
	all := seen{cells: map[string]map[string]int{}}
	var work sync.WaitGroup
	for _, user := range users {
		for lang, code := range tracer {
			work.Go(func() {
				for range times {
					body := object{"language": lang, "code": fmt.Sprintf(code, "u"+user)}
					if user != "" {
						body["user_id"] = user
					}
					a, err := s.try(context.Background(), http.MethodPost, "/runner/run", body)
					if !assert.NoError(t, err) || !assert.Equal(t, "ok", a.text("verdict"), "%.1000s", a.Raw) {
						return
					}
					cell, traces, _ := strings.Cut(a.text("stdout"), "\n")
					assert.Regexp(t, `^paddock-[0-9a-f-]{36}$`, cell)
					assert.Empty(t, traces, "%s, %s", user, lang)
					all.note(cell, user)
				}
			})
		}
	}
	work.Wait()
	return all.cells
}

// No cell ever serves two users, and of what runs at the same time nobody sees anything.
func TestNoCellServesTwoUsers(t *testing.T) {
	s := live(t)
	const times = 8
	kept := 0 // runs in a cell that was kept
	for cell, users := range s.trace(t, times, "ann", "bob", "") {
		assert.Len(t, users, 1, cell)
		for user, runs := range users {
			if user == "" {
				assert.Equal(t, 1, runs, "an anonymous cell was kept")
			} else {
				kept += runs - 1
			}
		}
	}
	assert.Greater(t, kept, 2*len(tracer)*(times-1)/2, "one cell for each user and language is enough")
}

func TestReuseNever(t *testing.T) {
	s := start(t, func(c *Config) { c.Sandbox.Reuse = reuseNever })
	const times = 3
	cells := s.trace(t, times, "ann", "")
	assert.Len(t, cells, 2*len(tracer)*times, "one for each run")
}
