package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// side runs a program once and returns what it took, or an error when the answer is not the right one.
type side func(context.Context) (sample, error)

// bare is the least that running a program can take: fork, exec, read its output through one pipe, wait.
func bare(r ready) side {
	return func(ctx context.Context) (sample, error) {
		return timed(r.inside(ctx, r.argv, jobUID))
	}
}

// podmanRun is what people do who have no service for it. The cell's limits that every container needs are there; what else
// keeps a cell safe is not, so that nobody can say the comparison had been made slow.
func podmanRun(r ready, ociRuntime string) side {
	args := []string{
		"--runtime", ociRuntime, "run", "--rm", "--label", ours, "--network", "none",
		// Where they are not named Podman asks for more than a host without CAP_SYS_RESOURCE may give.
		"--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096",
		"--volume", r.box() + ":/box:ro", "--workdir", "/box", imageOf(r.image),
	}
	args = append(args, r.argv...)
	return func(ctx context.Context) (sample, error) {
		cmd := exec.CommandContext(ctx, podmanCommand, args...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a signal from a terminal is for us only, see removeOurs
		return timed(cmd)
	}
}

func timed(cmd *exec.Cmd) (sample, error) {
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out // the same writer twice makes one pipe
	began := time.Now()
	err := cmd.Run()
	took := time.Since(began)
	if err != nil || out.String() != hello {
		return sample{}, fmt.Errorf("%s: %w, output %.200q", strings.Join(cmd.Args, " "), orWrong(err), out.String())
	}
	return sample{took: took}, nil
}

func orWrong(err error) error {
	if err == nil {
		return errWrong
	}
	return err
}

// client talks to the server, over connections that it keeps.
type client struct {
	http *http.Client
	url  string
}

func newClient(url string, connections int) *client {
	return &client{url: url, http: &http.Client{
		Timeout:   time.Minute, // longer than a run may wait and last
		Transport: &http.Transport{MaxIdleConnsPerHost: connections, DisableCompression: true},
	}}
}

// paddock is a run over HTTP. The clock stops when the whole answer has been read; checking it is not part of the time.
func (c *client) paddock(r ready) side {
	return func(ctx context.Context) (sample, error) {
		began := time.Now()
		status, answer, err := c.do(ctx, http.MethodPost, r.path, r.body)
		took := time.Since(began)
		if err != nil {
			return sample{}, err
		}
		s, err := checkAnswer(status, answer)
		s.took = took
		return s, err
	}
}

func (c *client) do(ctx context.Context, method, path string, body []byte) (status int, answer []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := c.http.Do(request)
	if err != nil {
		return 0, nil, err
	}
	answer, err = io.ReadAll(response.Body)
	_ = response.Body.Close()
	return response.StatusCode, answer, err
}

// coldSetup is the set-up time in milliseconds from which on a run must have waited for a cell to be made: to take a warm one
// takes some microseconds, to make one takes more than 100 ms.
const coldSetup = 50

// checkAnswer takes the times out of an answer, which must be that of a run that went well.
func checkAnswer(status int, answer []byte) (sample, error) {
	var result struct {
		Verdict string  `json:"verdict"`
		Stdout  string  `json:"stdout"`
		Stderr  string  `json:"stderr"`
		Wall    float64 `json:"wall_time_ms"`
		Setup   float64 `json:"setup_time_ms"`
	}
	err := json.Unmarshal(answer, &result)
	if err != nil || status != http.StatusOK || result.Verdict != "ok" || result.Stdout != hello || result.Stderr != "" {
		return sample{}, fmt.Errorf("%w: HTTP %d: %.500s", errWrong, status, answer)
	}
	return sample{cell: fromMilliseconds(result.Wall), cold: result.Setup > coldSetup}, nil
}

func fromMilliseconds(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }
