package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/audit"
	"paddock/languages"
	"paddock/sandbox/podman"
)

// No image's cells have a wall that does not stand.
func TestAuditOfEveryImage(t *testing.T) {
	needPodman(t)
	set, err := languages.Load()
	require.NoError(t, err)
	client, err := observer()
	require.NoError(t, err)
	audited := 0
	for _, l := range set.List() {
		if _, err := client.Image(t.Context(), l.Image); err != nil {
			continue
		}
		audited++
		t.Run(l.Name, func(t *testing.T) {
			code, out, errText := paddock(t, "", "doctor", "--audit", l.Name)
			assert.Zero(t, code, "%s%s", out, errText)
			assert.Regexp(t, `\n\d+ pass, \d+ known, 0 findings\n$`, out)
		})
	}
	require.NotZero(t, audited)
	// However short clients' waits are.
	code, out, errText := paddock(t, "", "doctor", "--json", "--audit", set.List()[0].Name,
		"--pool.slots", "1", "--pool.queue", "0", "--pool.wait", "0s")
	assert.Zero(t, code, errText)
	var card struct {
		Findings *int
		Lines    []audit.Line
	}
	require.NoError(t, json.Unmarshal([]byte(out), &card), out)
	assert.Equal(t, 0, *card.Findings)
	assert.NotEmpty(t, card.Lines)
}

func TestAuditOfWhatIsNotThere(t *testing.T) {
	needPodman(t)
	folder := t.TempDir()
	unbuilt := filepath.Join(folder, "unbuilt")
	require.NoError(t, os.CopyFS(unbuilt, os.DirFS("../../languages/bash")))
	for _, stem := range []string{languages.Hello, languages.Echo} {
		require.NoError(t, os.Rename(filepath.Join(unbuilt, stem+".sh"), filepath.Join(unbuilt, stem+".unbuilt")))
	}
	require.NoError(t, os.WriteFile(filepath.Join(unbuilt, "language.yaml"), []byte("name: unbuilt\ntitle: Unbuilt\n"+
		"extensions: [.unbuilt]\nfile: main.unbuilt\nrun: [bash, \"{file}\"]\nversion_command: [bash, --version]\n"), 0o600))
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"--audit", "klingon"}, "no such language; `paddock languages` lists them"},
		{[]string{"--audit", "unbuilt", "--languages.dir", folder}, "build it with: paddock images build unbuilt"},
		{[]string{"--audit", "bash", "--sandbox.agent", "/no/such/place/paddock-agent"}, "./scripts/build"},
	} {
		code, _, errText := paddock(t, "", append([]string{"doctor"}, c.args...)...)
		assert.Equal(t, exitFailed, code)
		assert.Contains(t, errText, c.says)
	}
}

// walled are the options of a container that is nearly as closed as a cell.
func walled(t *testing.T) map[string][]string {
	t.Helper()
	seccomp := filepath.Join(t.TempDir(), "seccomp.json")
	require.NoError(t, os.WriteFile(seccomp, podman.Seccomp, 0o600))
	return map[string][]string{
		"users": {"--userns=auto:size=2048", "--user=1000:1000"}, "capabilities": {"--cap-drop=all"},
		"privileges": {"--security-opt=no-new-privileges"}, "seccomp": {"--security-opt=seccomp=" + seccomp},
		"files": {"--read-only", "--read-only-tmpfs=false", "--tmpfs=/tmp:rw,nosuid,nodev"}, "network": {"--network=none"},
		"names": {"--hostname=cell"}, "kernel": {"--cgroupns=private", "--security-opt=mask=/proc/interrupts:/proc/kallsyms:/dev/pts/ptmx"},
	}
}

// container runs the audit's program in a container of options of Podman's, and judges it as if it were a cell.
type container struct {
	name, image string
	witness     *audit.Witness
}

func (c container) start(t *testing.T, settings audit.Settings, options map[string][]string, more ...string) (said []byte) {
	t.Helper()
	program := filepath.Join(os.Getenv(varBin), audit.Program)
	args := []string{"--url", os.Getenv(varPodman), "run", "--rm", "--interactive", "--name", c.name,
		"--ulimit=nproc=4096:4096", "--ulimit=nofile=1024:1024", "--workdir=/tmp", "--volume", program + ":/run/" + audit.Program + ":ro"}
	for _, o := range options {
		args = append(args, o...)
	}
	args = append(append(args, more...), c.image, "/run/"+audit.Program, settings.Argument())
	cmd := exec.Command("podman", args...)
	stdin, err := cmd.StdinPipe()
	require.NoError(t, err)
	out, stderr := newLine(), &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = out, stderr
	require.NoError(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	t.Cleanup(func() {
		_ = stdin.Close()
		<-ended
	})
	select {
	case <-out.done:
		return out.text()
	case err := <-ended:
		ended <- err
		require.FailNow(t, "the audit's program ended early", "%v: %s%s", err, out.text(), stderr)
		return nil
	}
}

// judge returns the checks that found something, each with what it found.
func (c container) judge(t *testing.T, said []byte, neighbour *audit.Settings) map[string]string {
	t.Helper()
	report, err := audit.Parse(said)
	require.NoError(t, err)
	host, err := audit.Observe(c.witness.Settings(), neighbour, []string{"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"})
	require.NoError(t, err)
	found := map[string]string{}
	for _, l := range audit.Judge(report, host).Lines {
		if l.Status == audit.Finding {
			found[l.Check] = strings.Join(l.Found, "\n")
		}
	}
	return found
}

func newContainer(t *testing.T) container {
	t.Helper()
	set, err := languages.Load()
	require.NoError(t, err)
	w, err := audit.NewWitness()
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, w.Close()) })
	bash, ok := set.Find("bash")
	require.True(t, ok)
	return container{name: "paddock-test-" + uuid.NewString(), image: bash.Image, witness: w}
}

// Containers with walls taken down on purpose: each weakness is found, and none of it in the walled one.
func TestAuditFindsWhatIsWeak(t *testing.T) {
	needPodman(t)
	c := newContainer(t)
	strong := c.judge(t, c.start(t, c.witness.Settings(), walled(t)), nil)

	host := t.TempDir() // a directory of the host, with what an audit must not find
	require.NoError(t, os.Chmod(host, 0o777))
	require.NoError(t, os.WriteFile(filepath.Join(host, "su"), nil, 0o755))
	require.NoError(t, os.Chmod(filepath.Join(host, "su"), 0o755|os.ModeSetuid))
	l, err := net.Listen("unix", filepath.Join(host, "docker.sock"))
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	require.NoError(t, os.Chmod(filepath.Join(host, "docker.sock"), 0o777))

	for _, weak := range []struct {
		name    string
		without string // of walled, some words
		with    []string
		finds   map[string]string // by check; what it found
	}{
		{"no seccomp", "seccomp", []string{"--security-opt=seccomp=unconfined"}, map[string]string{
			"a seccomp filter is in force": "Seccomp", "new namespaces": "unshare user: ok", "mounts": "mount: EFAULT", "other processes": "ptrace",
			"keyrings": "keyctl", "the kernel's machines": "perf_event_open", "clocks and names": "clock_settime",
			"memory placement": "mbind", "socket families": "netlink: ok", "file handles": "name_to_handle_at",
		}},
		{"Podman's own seccomp", "seccomp", nil, map[string]string{"other processes": "ptrace", "socket families": "netlink: ok"}},
		{"privileges", "privileges", []string{"--cap-add=sys_admin,net_raw", "--user=0:0"}, map[string]string{
			"no_new_privs is set": `"0"`, "all five capability sets are empty": "CapBnd", "programs run as the job user, in no other group": "Uid",
		}},
		{"everything", "users files kernel", []string{"--privileged", "--user=0:0", "--userns=host", "--cgroupns=host"}, map[string]string{
			"nobody in the cell is the host's root": "0 0", "all five capability sets are empty": "CapEff",
			"none can be written to": "/proc/sys/kernel/core_pattern", "the cgroup can't be written to": "/sys/fs/cgroup",
			"what tells of kernel, machine and agent is masked": "/proc/kallsyms", "each is another than the host's": "cgroup",
			"no devices but null, zero, full, random, urandom and tty": "character",
			"each is one of a cell's own, with its options":            "/sys: / of sysfs, rw",
			"only the cell's own tmpfs can be written to":              "/",
		}},
		{"the host's network", "users network", []string{"--network=host", "--user=1000:1000"}, map[string]string{
			"each is another than the host's": "net:", "no abstract sockets of others": "@paddock-host-",
			"nothing outside is reached": "an abstract socket of the host: ok",
		}},
		{"the host's processes and names", "users names", []string{"--pid=host", "--uts=host", "--user=1000:1000"}, map[string]string{
			"each is another than the host's": "pid:", "no process but the agent and the program": " ", "no name of the host": "uname",
		}},
		{"files of the host", "files", []string{"--volume", host + ":/mnt", "--device=/dev/fuse", "--env=SECRET=x"}, map[string]string{
			"each is one of a cell's own, with its options": "/mnt", "only the cell's own tmpfs can be written to": "/mnt",
			"no set-id files, no file capabilities": "/mnt/su", "no sockets": "/mnt/docker.sock", "nothing outside is reached": "/mnt/docker.sock: ok",
			"no devices but null, zero, full, random, urandom and tty": "10:229", "the environment is what the program was given": "SECRET",
		}},
		{"nothing masked", "kernel", []string{"--security-opt=unmask=ALL"}, map[string]string{"what tells of kernel, machine and agent is masked": "/proc/interrupts"}},
	} {
		t.Run(weak.name, func(t *testing.T) {
			c := newContainer(t)
			options := walled(t)
			for name := range strings.FieldsSeq(weak.without) {
				delete(options, name)
			}
			found := c.judge(t, c.start(t, c.witness.Settings(), options, weak.with...), nil)
			for check, what := range weak.finds {
				assert.Contains(t, found[check], what, check)
				assert.NotContains(t, strong[check], what, "%s: in the walled container as well", check)
			}
		})
	}
}

// A filter that kills, a process or only a thread of it, refuses as well as one that answers; the audit outlives both.
func TestAuditOutlivesAFilterThatKills(t *testing.T) {
	needPodman(t)
	for _, action := range []string{"SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD"} {
		t.Run(action, func(t *testing.T) {
			c := newContainer(t)
			deadly := bytes.ReplaceAll(podman.Seccomp,
				[]byte("\"SCMP_ACT_ERRNO\",\n      \"errnoRet\": 1\n"), []byte("\""+action+"\"\n"))
			require.NotEqual(t, podman.Seccomp, deadly)
			profile := filepath.Join(t.TempDir(), "deadly.json")
			require.NoError(t, os.WriteFile(profile, deadly, 0o600))
			options := walled(t)
			options["seccomp"] = []string{"--security-opt=seccomp=" + profile}
			said := c.start(t, c.witness.Settings(), options)
			report, err := audit.Parse(said)
			require.NoError(t, err)
			for _, call := range []string{"unshare user", "mount", "bpf", "setns", "add_key", "kexec_load"} {
				assert.Equal(t, audit.Killed, report.Syscalls[call], call)
			}
			found := c.judge(t, said, nil)
			assert.Empty(t, found["new namespaces"]+found["mounts"]+found["the kernel's machines"])
		})
	}
}

// A container that shares a neighbour's namespaces finds what the neighbour has left.
func TestAuditFindsTheNeighbour(t *testing.T) {
	needPodman(t)
	n := newContainer(t)
	settings := n.witness.Neighbour()
	options := walled(t)
	n.start(t, settings, options)
	shared := "container:" + n.name
	options["users"] = []string{"--userns=" + shared, "--user=1000:1000"}
	options["network"] = []string{"--network=" + shared}
	c := container{name: n.name + "-too", image: n.image, witness: n.witness}
	found := c.judge(t, c.start(t, c.witness.Settings(), options, "--ipc="+shared, "--pid="+shared), &settings)
	for _, what := range []string{"abstract socket", "System V shared memory", "message queue", "file in /dev/shm"} {
		assert.Contains(t, found["nothing that a neighbour left"], what)
	}
	for _, ns := range []string{"net:", "ipc:", "pid:", "user:"} {
		assert.Contains(t, found["each is another than a neighbour's"], ns)
	}
	assert.NotEmpty(t, found["no process but the agent and the program"])
	assert.Contains(t, found["no abstract sockets of others"], "@paddock-neighbour-")
}
