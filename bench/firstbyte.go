package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// The programs of first-byte cases tell by CLOCK_MONOTONIC when they write, which the kernel keeps for all of its containers
// alike. What a sample takes is from then until the client has the line in hand.

// streamed is a run whose events are read as they come.
func (c *client) streamed(r ready, users users) side {
	return func(ctx context.Context) (sample, error) {
		response, err := c.send(ctx, http.MethodPost, r.path, "text/event-stream", r.bodyFor(users()))
		if err != nil {
			return sample{}, err
		}
		defer func() { _ = response.Body.Close() }()
		if response.StatusCode != http.StatusOK {
			answer, _ := io.ReadAll(response.Body)
			return sample{}, fmt.Errorf("%w: HTTP %d: %.500s", errWrong, response.StatusCode, answer)
		}
		return r.readEvents(response.Body, now)
	}
}

// readEvents reads a run's events to the end. The first one of stdout must have all that the program prints.
func (p program) readEvents(stream io.Reader, clock func() time.Duration) (sample, error) {
	var first sample
	lines := bufio.NewReader(stream)
	for event := ""; ; {
		line, err := lines.ReadString('\n')
		if err != nil {
			return sample{}, fmt.Errorf("%w: the events end without a result: %w", errWrong, err)
		}
		at := clock()
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		switch {
		case name == "event":
			event = value
		case name == "data" && event == "stdout" && first == sample{}:
			var out struct{ Data string }
			if err := json.Unmarshal([]byte(value), &out); err != nil {
				return sample{}, errors.Join(errWrong, err)
			}
			if first, err = p.since(out.Data, at); err != nil {
				return sample{}, err
			}
		case name == "data" && event == "result":
			s, err := p.checkAnswer(http.StatusOK, []byte(value))
			if err != nil || first.word != s.word {
				return sample{}, fmt.Errorf("%w: an event said %q: %.500s", orWrong(err), first.word, value)
			}
			return sample{took: first.took, word: s.word, late: s.late}, nil
		case name == "data" && event == "error":
			return sample{}, fmt.Errorf("%w: %.500s", errWrong, value)
		}
	}
}

// piped is a command whose output is read from a pipe as it comes.
func piped(r ready, command func(context.Context) *exec.Cmd) side {
	return func(ctx context.Context) (sample, error) {
		cmd := command(ctx)
		out, err := cmd.StdoutPipe()
		if err == nil {
			err = cmd.Start()
		}
		if err != nil {
			return sample{}, err
		}
		lines := bufio.NewReader(out)
		line, err := lines.ReadString('\n')
		at := now()
		rest, _ := io.ReadAll(lines) // what fails here shows in the line, or in how the command ends
		if err = errors.Join(err, cmd.Wait()); err != nil || len(rest) > 0 {
			return sample{}, fmt.Errorf("%s: %w, output %.200q", strings.Join(cmd.Args, " "), orWrong(err), line+string(rest))
		}
		return r.since(line, at)
	}
}

// since is a sample from when the program wrote this line until at.
func (p program) since(line string, at time.Duration) (sample, error) {
	word, _ := p.heard(line)
	wrote, err := strconv.ParseInt(word, 10, 64)
	if took := at - time.Duration(wrote); err == nil && took > 0 {
		return sample{took: took, word: word}, nil
	}
	return sample{}, fmt.Errorf("%w: it said %q at %d", errWrong, line, at)
}

// now is CLOCK_MONOTONIC.
func now() time.Duration {
	var t unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &t) // fails for an unknown clock only
	return time.Duration(t.Nano())
}
