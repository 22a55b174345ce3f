package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/tmaxmax/go-sse"

	"paddock/api"
	"paddock/runner"
)

// maxEvent is the largest event we read, in bytes: a result holds all the output, as base64 in JSON at worst.
const maxEvent = 128 << 20

// runRemote runs a job on a server and shows its events as they come.
func runRemote(ctx context.Context, server string, job runner.Job, s streams) (outcome, error) {
	body, err := json.Marshal(requestOf(job))
	if err != nil {
		return outcome{}, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(server, "/")+"/runner/run", bytes.NewReader(body))
	if err != nil {
		return outcome{}, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "text/event-stream")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return outcome{}, err
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusOK {
		text, _ := io.ReadAll(io.LimitReader(res.Body, 1<<20))
		return outcome{}, refusal(res.Status, text)
	}
	for ev, err := range sse.Read(res.Body, &sse.ReadConfig{MaxEventSize: maxEvent}) {
		if err != nil {
			return outcome{}, fmt.Errorf("the stream broke off: %w", err)
		}
		if o, last, err := s.remoteEvent(ev); last || err != nil {
			return o, err
		}
	}
	return outcome{}, errors.New("the stream ended without a result")
}

// requestOf says a job in the API's words.
func requestOf(job runner.Job) api.RunRequest {
	r := api.RunRequest{
		Language: job.Language, Entrypoint: job.Entrypoint, Args: job.Args,
		Stdin: base64.StdEncoding.EncodeToString(job.Stdin), StdinEncoding: "base64",
		Limits: api.Limits{
			Timeout: job.Limits.Timeout.Milliseconds(), CPUTime: job.Limits.CPUTime.Milliseconds(),
			Memory: job.Limits.Memory >> 20, Output: job.Limits.Output, Processes: job.Limits.Processes,
		},
	}
	for _, f := range job.Files {
		r.Files = append(r.Files, api.File{Path: f.Path, Content: base64.StdEncoding.EncodeToString(f.Data), Encoding: "base64"})
	}
	return r
}

// remoteEvent shows one event; the last one holds the outcome.
func (s streams) remoteEvent(ev sse.Event) (o outcome, last bool, err error) {
	switch ev.Type {
	case "stdout", "stderr":
		return o, false, s.remoteOutput(ev)
	case "compile":
		var c api.Compile
		if err := json.Unmarshal([]byte(ev.Data), &c); err != nil {
			return o, false, err
		}
		_, err := fmt.Fprintf(s.err, "%s%s", decoded(c.Stdout, c.StdoutEncoding), decoded(c.Stderr, c.StderrEncoding))
		return o, false, err
	case "result":
		var r api.Result
		err := json.Unmarshal([]byte(ev.Data), &r)
		return outcome{r.Verdict, r.Message, r.ExitStatus}, true, err
	case "error":
		return o, true, refusal("", []byte(ev.Data))
	}
	return o, false, nil
}

func (s streams) remoteOutput(ev sse.Event) error {
	var chunk struct{ Data, Encoding string }
	if err := json.Unmarshal([]byte(ev.Data), &chunk); err != nil {
		return err
	}
	w := s.out
	if ev.Type == "stderr" {
		w = s.err
	}
	_, err := w.Write(decoded(chunk.Data, chunk.Encoding))
	return err
}

func decoded(text, encoding string) []byte {
	if encoding != "base64" {
		return []byte(text)
	}
	b, _ := base64.StdEncoding.DecodeString(text) // what a server encoded; broken text shows as little as there is
	return b
}

// refusal is what the server says of what it did not do.
func refusal(status string, body []byte) error {
	if message := messageIn(body); message != "" {
		return fmt.Errorf("the server says: %s", message)
	}
	return fmt.Errorf("the server answers %s: %.500s", status, body)
}

// messageIn is what a problem tells people.
func messageIn(body []byte) string {
	var problem struct {
		Message string `json:"message"`
		Detail  string `json:"detail"`
	}
	_ = json.Unmarshal(body, &problem)
	return cmp.Or(problem.Message, problem.Detail)
}
