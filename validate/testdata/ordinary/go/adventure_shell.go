// A pretend shell over a file system in memory, to practise maps of functions.
package main

import (
	"bufio"
	"fmt"
	"os"
	"path"
	"sort"
	"strings"
)

type shell struct {
	files map[string]string
	cwd   string
	quit  bool
}

type command struct {
	help string
	run  func(sh *shell, args []string) string
}

var commands map[string]command

func init() {
	commands = map[string]command{
		"ls":   {"list files", func(sh *shell, _ []string) string { return strings.Join(sh.list(), "\n") }},
		"cat":  {"show a file", func(sh *shell, a []string) string { return sh.files[path.Join(sh.cwd, a[0])] }},
		"rm":   {"remove a file", func(sh *shell, a []string) string { delete(sh.files, path.Join(sh.cwd, a[len(a)-1])); return "" }},
		"exec": {"not possible here", func(*shell, []string) string { return "exec: permission denied" }},
		"exit": {"leave", func(sh *shell, _ []string) string { sh.quit = true; return "bye" }},
	}
}

func (sh *shell) list() (names []string) {
	for name := range sh.files {
		if strings.HasPrefix(name, sh.cwd) {
			names = append(names, path.Base(name))
		}
	}
	sort.Strings(names)
	return names
}

func main() {
	sh := &shell{files: map[string]string{"/home/me/notes.txt": "buy milk", "/home/me/run.sh": "#!/bin/bash\nrm -rf /tmp/cache\n"}, cwd: "/home/me"}
	in := bufio.NewReader(os.Stdin)
	for !sh.quit {
		fmt.Print(sh.cwd, "$ ")
		line, err := in.ReadString('\n')
		if err != nil {
			break
		}
		fields := strings.Fields(line)
		if len(fields) == 0 {
			continue
		}
		cmd, ok := commands[fields[0]]
		if !ok || fields[0] == "cat" && len(fields) < 2 {
			fmt.Println("?", fields[0])
			continue
		}
		fmt.Println(cmd.run(sh, fields[1:]))
	}
}
