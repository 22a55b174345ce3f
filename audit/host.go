package audit

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Witness is what the host sets out for as long as an audit runs: sockets that a program in a cell must not reach.
type Witness struct {
	mark string
	open []net.Listener
}

// NewWitness listens on an abstract socket and on a port of the loopback interface.
func NewWitness() (*Witness, error) {
	w := &Witness{mark: rand.Text()}
	for _, at := range []struct{ network, address string }{{"unix", "@paddock-host-" + w.mark}, {"tcp", "127.0.0.1:0"}} {
		l, err := net.Listen(at.network, at.address) //nolint:noctx // it does not block
		if err != nil {
			return nil, errors.Join(fmt.Errorf("set out a witness: %w", err), w.Close())
		}
		w.open = append(w.open, l)
	}
	return w, nil
}

// Close stops listening.
func (w *Witness) Close() error {
	var err error
	for _, l := range w.open {
		err = errors.Join(err, l.Close())
	}
	return err
}

// elsewhere are addresses to which there must be no way. Nothing is sent there.
var elsewhere = []Address{
	{"udp", "169.254.169.254:80", "the metadata address of clouds"},
	{"udp", "[fd00:ec2::254]:80", "the metadata address of clouds, IPv6"},
	{"udp", "203.0.113.1:53", "the Internet"}, // TEST-NET-3, RFC 5737
	{"udp", "[2001:db8::1]:53", "the Internet, IPv6"},
}

// Settings are those of the program that looks.
func (w *Witness) Settings() Settings {
	s := Settings{Mark: w.mark}
	for i, what := range []string{"an abstract socket of the host", "a port of the host's loopback interface"} {
		a := w.open[i].Addr()
		s.Reach = append(s.Reach, Address{a.Network(), a.String(), what})
	}
	s.Reach = append(s.Reach, elsewhere...)
	return s
}

// Neighbour are the settings of the program that leaves traces in another cell.
func (w *Witness) Neighbour() Settings { return Settings{Mark: w.mark, Neighbour: true} }

// Program is the name of the program that looks; it is a file of that name.
const Program = "paddock-audit"

// Argument is how settings travel.
func (s Settings) Argument() string {
	text, _ := json.Marshal(s) //nolint:errchkjson // strings only
	return string(text)
}

// Process is what the host sees of a process in a cell.
type Process struct {
	Status     map[string]string // lines of its status
	UIDMap     string
	Namespaces map[string]string
}

// Host is what the host knows by itself.
type Host struct {
	Audited    Process
	Neighbour  *Process          // nil when there is none
	Namespaces map[string]string // the host's own
	Hostname   string
	Environ    []string // what the program was given
	Rootless   bool     // then cells share the user namespace of Podman's user
}

// ErrNotSeen says that the host does not see the process of an audit.
var ErrNotSeen = errors.New("the host does not see the audit's process")

// Observe looks at the running processes of an audit from outside; neighbour may be nil.
func Observe(audited Settings, neighbour *Settings, environ []string) (Host, error) {
	h := Host{Environ: environ}
	var err error
	if h.Hostname, err = os.Hostname(); err != nil {
		return h, err
	}
	if h.Namespaces, err = links("/proc/self/ns"); err != nil {
		return h, err
	}
	if h.Audited, err = observe(audited); err != nil {
		return h, err
	}
	if neighbour != nil {
		p, err := observe(*neighbour)
		if err != nil {
			return h, fmt.Errorf("the neighbour: %w", err)
		}
		h.Neighbour = &p
	}
	return h, nil
}

// observe looks at the process that was started with these settings.
func observe(s Settings) (Process, error) {
	dir, err := find(s)
	if err != nil {
		return Process{}, err
	}
	status, err := os.ReadFile(filepath.Join(dir, "status")) //nolint:gosec // below /proc
	if err != nil {
		return Process{}, err
	}
	p := Process{Status: map[string]string{}}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		p.Status[name] = strings.TrimSpace(value)
	}
	ids, err := os.ReadFile(filepath.Join(dir, "uid_map")) //nolint:gosec // below /proc
	if err != nil {
		return Process{}, err
	}
	p.UIDMap = string(ids)
	p.Namespaces, err = links(filepath.Join(dir, "ns"))
	return p, err
}

// find returns the directory in /proc of the program with these settings: the only one with their mark.
func find(s Settings) (string, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return "", err
	}
	for _, e := range entries {
		if _, err := strconv.Atoi(e.Name()); err != nil {
			continue
		}
		dir := "/proc/" + e.Name()
		line, err := os.ReadFile(dir + "/cmdline") //nolint:gosec // below /proc
		if err != nil {
			continue // it has ended
		}
		argv := bytes.Split(bytes.TrimSuffix(line, []byte{0}), []byte{0})
		if len(argv) == 2 && filepath.Base(string(argv[0])) == Program && string(argv[1]) == s.Argument() {
			return dir, nil
		}
	}
	return "", ErrNotSeen
}

// links are what the links of a directory lead to.
func links(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	found := map[string]string{}
	for _, e := range entries {
		if found[e.Name()], err = os.Readlink(filepath.Join(dir, e.Name())); err != nil {
			return nil, err
		}
	}
	return found, nil
}
