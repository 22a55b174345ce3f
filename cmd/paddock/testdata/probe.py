"""Tells whatever a program could find of those before it, as JSON: "same" of what every new cell has alike, "cell" of what
stays as it is in one cell."""
import ctypes, fcntl, json, os, resource, socket, struct

libc = ctypes.CDLL(None, use_errno=True)
PLACES = ['/box', '/tmp', '/dev/shm', '/dev/mqueue']
FS_IOC_GETFLAGS, F_GET_RW_HINT = 0x80086601, 1035
SYS_IOPRIO_GET = {'x86_64': 252, 'aarch64': 31}[os.uname().machine]


def read(path):
    try:
        with open(path, errors='backslashreplace') as f:
            return f.read()
    except OSError as e:
        return os.strerror(e.errno)


def attempt(f, *args):
    try:
        return f(*args)
    except OSError as e:
        return os.strerror(e.errno)


def entry(path):
    s = os.lstat(path)
    xattrs = attempt(lambda: os.listxattr(path, follow_symlinks=False))
    size = 0 if path == '/box/main.py' else s.st_size
    return [oct(s.st_mode), s.st_uid, s.st_gid, s.st_nlink, size, xattrs]


def tree(top):
    found = {top: entry(top)}
    for at, dirs, files in os.walk(top):
        for name in dirs + files:
            path = os.path.join(at, name)
            found[path] = entry(path)
    return found


def marks(path):
    """What a file's owner can set on it besides its mode and times."""
    fd = os.open(path, os.O_RDONLY)
    try:
        told = []
        for call, number, size in (fcntl.ioctl, FS_IOC_GETFLAGS, 8), (fcntl.fcntl, F_GET_RW_HINT, 8):
            told.append(attempt(lambda: call(fd, number, bytes(size)).hex()))
        return told + [attempt(fcntl.fcntl, fd, fcntl.F_GETLEASE)]
    finally:
        os.close(fd)


def space(path):
    s = os.statvfs(path)
    return [s.f_blocks, s.f_bfree, s.f_files, s.f_ffree, s.f_flag]


def status(pid):
    names = ('Umask', 'Uid', 'Gid', 'Groups', 'Sig', 'Shd', 'Cap', 'NoNew', 'Seccomp', 'Cpus_allowed', 'Mems_allowed', 'CoreDump', 'THP')
    return [line for line in read(f'/proc/{pid}/status').splitlines() if line.startswith(names)]


def process(pid):
    return {
        'status': status(pid), 'limits': read(f'/proc/{pid}/limits'), 'oom': read(f'/proc/{pid}/oom_score_adj'),
        'cgroup': read(f'/proc/{pid}/cgroup'),
        'nice': os.getpriority(os.PRIO_PROCESS, pid), 'io': libc.syscall(SYS_IOPRIO_GET, 1, pid),
        'cores': sorted(os.sched_getaffinity(pid)), 'scheduler': os.sched_getscheduler(pid), 'session': os.getsid(pid) == pid,
        'autogroup': read(f'/proc/{pid}/autogroup').partition('nice')[2],
        'core filter': read(f'/proc/{pid}/coredump_filter'), 'slack': read(f'/proc/{pid}/timerslack_ns'),
    }


def prctls():
    PDEATHSIG, DUMPABLE, KEEPCAPS, SUBREAPER, SECUREBITS, SLACK, NO_THP = 2, 3, 7, 37, 27, 30, 42
    out = ctypes.c_int(-1)
    told = [libc.prctl(n, 0, 0, 0, 0) for n in (DUMPABLE, KEEPCAPS, SECUREBITS, SLACK, NO_THP)]
    for n in PDEATHSIG, SUBREAPER:
        libc.prctl(n, ctypes.byref(out), 0, 0, 0)
        told.append(out.value)
    return told


def others():
    mine = {1, os.getpid()}
    return {p: read(f'/proc/{p}/cmdline') for p in os.listdir('/proc') if p.isdigit() and int(p) not in mine}


def unix():
    """The sockets there are, but for their addresses and inodes. The agent's own has the name it was dialled by."""
    lines = [line.split() for line in read('/proc/net/unix').splitlines()[1:]]
    return sorted([w[2:6], [n for n in w[7:] if not n.endswith('/agent.sock')]] for w in lines)


def network():
    told = {p: read('/proc/net/' + p) for p in (
        'tcp', 'tcp6', 'udp', 'udp6', 'raw', 'raw6', 'icmp', 'dev', 'snmp', 'snmp6', 'netstat', 'ip6_flowlabel', 'if_inet6', 'arp',
        'route', 'mcfilter', 'igmp6', 'anycast6', 'nf_conntrack')}
    told['unix'] = unix()
    told['sockets'] = read('/proc/net/sockstat').splitlines()[0]
    told['waiting'] = read('/proc/net/sockstat').split(' tw ')[1].split()[0]
    return told


def free(kind, name):
    """A name that a former program may have taken can be taken."""
    family = {True: socket.AF_INET, False: socket.AF_UNIX}[isinstance(name, tuple)]
    with socket.socket(family, kind) as s:
        return attempt(s.bind, name)


def settings(top):
    return {os.path.join(at, f): read(os.path.join(at, f)) for at, _, files in os.walk(top) for f in files
            if f not in ('tcp_mem', 'udp_mem')}


def memory():
    for path in 'memory/memory.usage_in_bytes', 'memory.current':
        text = read('/sys/fs/cgroup/' + path)
        if text.strip().isdigit():
            return int(text)


stats = {p: os.stat(p) for p in PLACES}  # before anything is read
cell = [line.split()[3].split('/')[-1] for line in read('/proc/self/mountinfo').splitlines() if line.split()[4] == '/run/paddock'][0]
kernel = '/proc/sys/kernel/'
same = {
    'files': {p: tree(p) for p in PLACES}, 'marks': {p: marks(p) for p in PLACES + ['/', '/etc', '/usr/bin/python3']},
    'space': {p: space(p) for p in PLACES}, 'devices': {p: e[:3] for p, e in tree('/dev').items()},
    'me': process(os.getpid()), 'agent': process(1), 'prctls': prctls(), 'others': others(), 'environment': dict(os.environ),
    'limits': {n: resource.getrlimit(getattr(resource, n)) for n in dir(resource) if n.startswith('RLIMIT_')},
    'here': os.getcwd(), 'descriptors': len(os.listdir('/proc/self/fd')), 'timers': read('/proc/self/timers'),
    'names': list(os.uname()[:2]) + [read(kernel + 'domainname')], 'locks': read('/proc/locks'),
    'sysv': [read('/proc/sysvipc/' + n) for n in ('shm', 'sem', 'msg')],
    'kernel': {n: read(kernel + n) for n in ('core_pattern', 'core_uses_pid', 'shmmax', 'shmall', 'sem', 'msgmax', 'shm_rmid_forced', 'pid_max')},
    'settings': {p: settings(p) for p in ('/proc/sys/net', '/proc/sys/fs/mqueue')}, 'keys': read('/proc/keys'),
    'network': network(),
}
same['free'] = [free(*n) for n in ((socket.SOCK_STREAM, ('127.0.0.1', 4242)), (socket.SOCK_DGRAM, ('127.0.0.1', 4242)), (socket.SOCK_STREAM, '\0left'))]
times = {p: [s.st_atime_ns, s.st_mtime_ns] for p, s in stats.items() if p in ('/tmp', '/dev/shm')}  # a new program's files are in /box
own = {'times': times, 'mounts': read('/proc/self/mountinfo'), 'inodes': {p: [s.st_ino, s.st_dev] for p, s in stats.items()},
       'spaces': {n: os.readlink('/proc/self/ns/' + n) for n in os.listdir('/proc/self/ns')}}
print(json.dumps({'name': cell, 'same': same, 'cell': own, 'memory': memory()}))
