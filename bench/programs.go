package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// program is what each side of a case runs.
type program struct {
	image   string   // name of the language whose image it runs in
	argv    []string // in the box
	file    string   // in the box
	source  string   // of the file, or of what is compiled to it
	compile []string // in the image, whose compiler it is; none where the source is run
	tells   bool     // a word after hello
	request func(p program, content []byte) (path string, body any)
}

// greeting is what every program prints, and nothing else but a word, where it tells one, and the end of the line.
const greeting = "hello"

// heard takes the word out of what the program printed, and says whether it is what the program prints.
func (p program) heard(output string) (word string, ok bool) {
	line, ended := strings.CutSuffix(output, "\n")
	rest, greeted := strings.CutPrefix(line, greeting)
	if !ended || !greeted || !p.tells {
		return "", ended && greeted && rest == ""
	}
	word, parted := strings.CutPrefix(rest, " ")
	return word, parted && word != "" && !strings.ContainsAny(word, " \n")
}

const (
	cHello = `#include <stdio.h>
int main(void) { puts("hello"); }
`
	// Without libc's start there are no threads and no errno: syscall() is all that can be used, and all it takes.
	cTiny = `#include <unistd.h>
#include <sys/syscall.h>
void _start(void) {
	syscall(SYS_write, 1, "hello\n", 6);
	syscall(SYS_exit_group, 0);
	__builtin_unreachable();
}
`
	// CLOCK_MONOTONIC is the same inside and outside. The program goes on, so that what it wrote is not sent for its end.
	pythonClock = `import time
print("hello", time.monotonic_ns(), flush=True)
time.sleep(0.05)
`
	// A file system that a cell gets when it is made, and that nothing is written to afterwards, names the cell: those that
	// there are at one time differ in its device, and those that there were in the time.
	pythonWhere = `import os
dev = os.stat("/dev")
print("hello", f"{dev.st_dev}/{dev.st_ctime_ns}")
`
)

var programs = map[string]program{
	"python": {
		image: "python", argv: []string{"/usr/bin/python3", "main.py"}, file: "main.py", source: `print("hello")` + "\n",
		request: asCode,
	},
	"python-clock": {
		image: "python", argv: []string{"/usr/bin/python3", "clock.py"}, file: "clock.py", source: pythonClock, tells: true,
		request: asCode,
	},
	"python-where": {
		image: "python", argv: []string{"/usr/bin/python3", "where.py"}, file: "where.py", source: pythonWhere, tells: true,
		request: asCode,
	},
	"node": {
		image: "javascript", argv: []string{"/usr/bin/node", "main.js"}, file: "main.js", source: `console.log("hello")` + "\n",
		request: asCode,
	},
	"bash": {
		image: "bash", argv: []string{"/usr/bin/bash", "main.sh"}, file: "main.sh", source: "echo hello\n",
		request: asCode,
	},
	"c-static": {
		image: "c", argv: []string{"./hello"}, file: "hello", source: cHello,
		compile: []string{"/usr/bin/gcc", "-O2", "-static", "-s", "-o", "hello", "source.c"},
		request: asFile,
	},
	"c-tiny": {
		image: "c", argv: []string{"./tiny"}, file: "tiny", source: cTiny,
		compile: []string{"/usr/bin/gcc", "-O2", "-static", "-nostartfiles", "-s", "-o", "tiny", "source.c"},
		request: asFile,
	},
	"c-source": {
		image: "c", file: "main.c", source: cHello, request: asCode,
		argv: []string{"/bin/sh", "-c", "gcc -O2 -std=gnu17 -pthread -o /tmp/main main.c -lm && exec /tmp/main"},
	},
}

// asCode asks for a program in a language, the way most clients do.
func asCode(p program, content []byte) (string, any) {
	return "/runner/run", map[string]any{"language": p.image, "code": string(content)}
}

// asFile submits a binary and asks for it to be run on an image.
func asFile(p program, content []byte) (string, any) {
	file := map[string]string{"path": p.file, "encoding": "base64", "content": base64.StdEncoding.EncodeToString(content)}
	return "/api/containers/create", map[string]any{"image": p.image, "argv": p.argv, "files": []any{file}}
}

// environment is a cell's for Python, so that the interpreter finds the same on both sides.
var environment = []string{
	"HOME=/box", "LANG=C.UTF-8", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
	"PYTHONDONTWRITEBYTECODE=1", "TMPDIR=/tmp", "USER=runner",
}

// jobUID is the user that programs run as in a cell.
const jobUID = 1000

// ready is a program that can be run by each side.
type ready struct {
	program
	root string // the image's file system, with the program in its box
	path string // of the request
	body []byte // the user is not in it
}

// bodyFor is the request's body on behalf of a user, or of nobody when it is empty.
func (r ready) bodyFor(user string) []byte {
	if user == "" {
		return r.body
	}
	return slices.Concat([]byte(`{"user_id":"`+user+`",`), r.body[1:])
}

func (r ready) box() string { return filepath.Join(r.root, "box") }

// prepare puts a program into the box of a mounted image.
func prepare(ctx context.Context, name, root string) (ready, error) {
	r := ready{program: programs[name], root: root}
	content := []byte(r.source)
	if len(r.compile) > 0 {
		var err error
		if content, err = r.compiled(ctx); err != nil {
			return r, fmt.Errorf("compile %s: %w", name, err)
		}
	}
	if err := os.WriteFile(filepath.Join(r.box(), r.file), content, 0o755); err != nil { //nolint:gosec // a program
		return r, err
	}
	var body any
	r.path, body = r.request(r.program, content)
	var err error
	r.body, err = json.Marshal(body)
	return r, err
}

// compiled compiles inside the image: the machine itself need not have a compiler.
func (r ready) compiled(ctx context.Context) ([]byte, error) {
	if err := os.WriteFile(filepath.Join(r.box(), "source.c"), []byte(r.source), 0o644); err != nil { //nolint:gosec // see prepare
		return nil, err
	}
	if out, err := r.inside(ctx, r.compile, 0).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, strings.TrimSpace(string(out)))
	}
	return os.ReadFile(filepath.Join(r.box(), r.file))
}

// inside is a command in the image's file system, in the box.
func (r ready) inside(ctx context.Context, argv []string, uid uint32) *exec.Cmd {
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.Dir = "/box"
	cmd.Env = environment
	cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: r.root, Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	return cmd
}
