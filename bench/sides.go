package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// side runs a program once and returns what it took, or an error when the answer is not the right one.
type side func(context.Context) (sample, error)

// bare is the least that running a program can take: fork, exec, read its output through one pipe, wait.
func bare(r ready) side {
	return func(ctx context.Context) (sample, error) {
		return timed(r, r.inside(ctx, r.argv, jobUID))
	}
}

// podmanRun is what people do who have no service for it. The cell's limits that every container needs are there; what else
// keeps a cell safe is not, so that nobody can say the comparison had been made slow.
func podmanRun(r ready, ociRuntime string) side {
	return func(ctx context.Context) (sample, error) { return timed(r, podmanCmd(ctx, r, ociRuntime)) }
}

func podmanCmd(ctx context.Context, r ready, ociRuntime string) *exec.Cmd {
	args := podmanArgs(ociRuntime, "--rm", "--volume", r.box()+":/box:ro", "--workdir", "/box")
	cmd := exec.CommandContext(ctx, podmanCommand, slices.Concat(args, []string{imageOf(r.image)}, r.argv)...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a signal from a terminal is for us only, see removeOurs
	return cmd
}

func podmanArgs(ociRuntime string, more ...string) []string {
	return append([]string{
		"--runtime", ociRuntime, "run", "--label", ours, "--network", "none",
		// Where they are not named Podman asks for more than a host without CAP_SYS_RESOURCE may give.
		"--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096",
	}, more...)
}

func timed(r ready, cmd *exec.Cmd) (sample, error) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out // the same writer twice makes one pipe
	began := time.Now()
	err := cmd.Run()
	took := time.Since(began)
	word, ok := r.heard(out.String())
	if err != nil || !ok {
		return sample{}, fmt.Errorf("%s: %w, output %.200q", strings.Join(cmd.Args, " "), orWrong(err), out.String())
	}
	return sample{took: took, word: word}, nil
}

func orWrong(err error) error {
	if err == nil {
		return errWrong
	}
	return err
}

// keptConnections is more than there are requests at a time, but in a crowd that is not served.
const keptConnections = 256

// client talks to the server, over connections that it keeps.
type client struct {
	http *http.Client
	url  string
}

func newClient(url string) *client {
	return &client{url: url, http: &http.Client{
		Timeout:   time.Minute, // longer than a run may wait and last
		Transport: &http.Transport{MaxIdleConnsPerHost: keptConnections, DisableCompression: true},
	}}
}

// paddock is a run over HTTP. The clock stops when the whole answer has been read; checking it is not part of the time.
func (c *client) paddock(r ready, users users) side {
	return func(ctx context.Context) (sample, error) {
		body := r.bodyFor(users())
		began := time.Now()
		status, answer, err := c.do(ctx, http.MethodPost, r.path, body)
		took := time.Since(began)
		if err != nil {
			return sample{}, err
		}
		s, err := r.checkAnswer(status, answer)
		s.took = took
		return s, err
	}
}

// users gives the user that the next run is for; empty for nobody.
type users func() string

func (t tenancy) users() users {
	switch t {
	case oneTenant:
		return func() string { return "bench" }
	case newTenants:
		var n atomic.Int64
		return func() string { return "new-" + strconv.FormatInt(n.Add(1), 10) }
	default:
		return func() string { return "" }
	}
}

func (c *client) do(ctx context.Context, method, path string, body []byte) (status int, answer []byte, err error) {
	response, err := c.send(ctx, method, path, "application/json", body)
	if err != nil {
		return 0, nil, err
	}
	answer, err = io.ReadAll(response.Body)
	_ = response.Body.Close()
	return response.StatusCode, answer, err
}

// send sends a request; whoever gets the response closes its body.
func (c *client) send(ctx context.Context, method, path, accept string, body []byte) (*http.Response, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Accept", accept)
	return c.http.Do(request)
}

// lateSetup is the set-up time in milliseconds from which on a run must have waited: to take a slot and a cell that are free
// takes some microseconds, to make a cell takes more than 100 ms.
const lateSetup = 50

// errRefused says that a run was not accepted, because too much was going on. The server says so by this code.
var errRefused = errors.New("refused")

const overloaded = "server_overloaded"

// checkAnswer takes the times out of an answer, which must be that of a run that went well.
func (p program) checkAnswer(status int, answer []byte) (sample, error) {
	var result struct {
		Code    string  `json:"code"` // of a refusal
		Verdict string  `json:"verdict"`
		Stdout  string  `json:"stdout"`
		Stderr  string  `json:"stderr"`
		Wall    float64 `json:"wall_time_ms"`
		Setup   float64 `json:"setup_time_ms"`
		Compile struct {
			Wall float64 `json:"wall_time_ms"`
		} `json:"compile"`
	}
	err := json.Unmarshal(answer, &result)
	word, ok := p.heard(result.Stdout)
	if err != nil || status != http.StatusOK || result.Verdict != "ok" || !ok || result.Stderr != "" {
		cause := errWrong
		if result.Code == overloaded {
			cause = errRefused
		}
		return sample{}, fmt.Errorf("%w: HTTP %d: %.500s", cause, status, answer)
	}
	return sample{cell: fromMilliseconds(result.Compile.Wall + result.Wall), word: word, late: result.Setup > lateSetup}, nil
}

func fromMilliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
