package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strings"

	"golang.org/x/sys/unix"

	"paddock/audit"
)

// interfaces are the names of the network interfaces, from below the two lines of heading.
func interfaces() []string {
	var found []string
	for _, line := range lines("/proc/net/dev") {
		if name, _, ok := strings.Cut(line, ":"); ok {
			found = append(found, strings.TrimSpace(name))
		}
	}
	return found
}

// routes are the lines of the routing tables that lead anywhere but to lo. The interface is the first field of one table and the
// last of the other.
func routes() []string {
	var found []string
	for i, line := range lines("/proc/net/route") {
		if f := strings.Fields(line); i > 0 && len(f) > 1 && f[0] != "lo" {
			found = append(found, f[0]+" "+f[1])
		}
	}
	for _, line := range lines("/proc/net/ipv6_route") {
		if f := strings.Fields(line); len(f) > 1 && f[len(f)-1] != "lo" {
			found = append(found, f[len(f)-1]+" "+f[0])
		}
	}
	return found
}

func nameservers() []string {
	var found []string
	for _, line := range lines("/etc/resolv.conf") {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "nameserver" {
			found = append(found, f[1])
		}
	}
	return found
}

// abstractSockets are the abstract names of our network namespace, of which there should be none.
func abstractSockets() []string {
	var found []string
	for _, line := range lines("/proc/net/unix") {
		if f := strings.Fields(line); len(f) > 0 && strings.HasPrefix(f[len(f)-1], "@") && len(found) < mostListed {
			found = append(found, f[len(f)-1])
		}
	}
	return found
}

// connect tries to, and hangs up.
func connect(a audit.Address) string {
	family, kind, to, err := resolve(a)
	if err != nil {
		return err.Error()
	}
	fd, err := unix.Socket(family, kind|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return outcome(err)
	}
	defer func() { _ = unix.Close(fd) }()
	limit := unix.Timeval{Sec: 1}
	_ = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_SNDTIMEO, &limit)
	err = unix.Connect(fd, to)
	if errors.Is(err, unix.EPROTOTYPE) { // a socket of another type is there all the same
		return audit.Got
	}
	return outcome(err)
}

func resolve(a audit.Address) (family, kind int, to unix.Sockaddr, err error) {
	kind = unix.SOCK_STREAM
	if a.Network == "unix" {
		return unix.AF_UNIX, kind, &unix.SockaddrUnix{Name: a.Address}, nil
	}
	if a.Network == "udp" {
		kind = unix.SOCK_DGRAM
	}
	ap, err := netip.ParseAddrPort(a.Address)
	if err != nil {
		return 0, 0, nil, fmt.Errorf("address %s: %w", a.Address, err)
	}
	if ap.Addr().Is4() {
		return unix.AF_INET, kind, &unix.SockaddrInet4{Port: int(ap.Port()), Addr: ap.Addr().As4()}, nil
	}
	return unix.AF_INET6, kind, &unix.SockaddrInet6{Port: int(ap.Port()), Addr: ap.Addr().As16()}, nil
}
