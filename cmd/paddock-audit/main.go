// The runtime would look at our cgroup for the number of its threads, and keep those files open.

//go:debug containermaxprocs=0

// Paddock-audit runs inside a cell, as a submitted program would, and tries what a hostile one would try. It prints what it saw as
// one line of JSON (see package audit), and stays until its stdin ends, so that the host can look at it meanwhile.
//
// Every probe of a system call has a process of its own, so that a filter that kills ends that probe only. What gets through does
// nothing: the arguments are such that the call fails later, or what it made is gone with the process.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"paddock/audit"
)

// The program calls itself with one of these as its first argument; anything else are settings.
const (
	modeProbe   = "probe"   // and the name of a system call's probe
	modeNothing = "nothing" // to see whether a process can be started at all
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "paddock-audit:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 1 && args[0] == modeNothing:
		return nil
	case len(args) == 2 && args[0] == modeProbe:
		fmt.Print(probe(args[1]))
		return nil
	case len(args) != 1:
		return errors.New("it is started by `paddock doctor --audit`, with its settings")
	}
	descriptors := descriptors()
	var s audit.Settings
	if err := json.Unmarshal([]byte(args[0]), &s); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	if s.Neighbour {
		if err := leaveTraces(s.Mark); err != nil {
			return fmt.Errorf("leave traces: %w", err)
		}
		fmt.Println("{}")
	} else {
		r := look(s)
		r.Descriptors = descriptors
		if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
			return err
		}
	}
	_, err := io.Copy(io.Discard, os.Stdin)
	return err
}

// look sees everything there is to see.
func look(s audit.Settings) *audit.Report {
	r := &audit.Report{
		Status: status(), Namespaces: namespaces(), Mountinfo: text("/proc/self/mountinfo"), Cgroups: lines("/proc/self/cgroup"),
		Names: names(), Environ: os.Environ(), Processes: processes(),
		Read: each(audit.Reads(), read), Write: each(audit.WriteProbes, openForWriting), KernelFiles: kernelFiles(),
		Interfaces: interfaces(), Routes: routes(), Nameservers: nameservers(), Abstract: abstractSockets(),
		Reached: map[string]string{}, Traces: traces(s.Mark), Syscalls: map[string]string{},
	}
	walk(r)
	for _, a := range s.Reach {
		r.Reached[a.What] = connect(a)
	}
	for _, path := range r.Sockets {
		r.Reached[path] = connect(audit.Address{Network: "unix", Address: path})
	}
	for _, c := range audit.Syscalls() {
		r.Syscalls[c.Name] = probeApart(c.Name)
	}
	r.MemfdExec = probeApart(memfdExec)
	return r
}

// each probes every path of a list.
func each(paths []string, probe func(string) string) map[string]string {
	found := make(map[string]string, len(paths))
	for _, path := range paths {
		found[path] = probe(path)
	}
	return found
}
