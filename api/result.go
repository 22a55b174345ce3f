package api

import (
	"bytes"
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	json "github.com/go-json-experiment/json"

	"paddock/runner"
)

// Result is what became of a run.
type Result struct {
	Success         bool           `json:"success" doc:"Whether the verdict is ok"`
	Message         string         `json:"message" doc:"The verdict in a sentence"`
	ErrorCategory   string         `json:"error_category" enum:"none,validation,process_crash,unknown" doc:"The verdict, roughly"`
	Logs            []string       `json:"logs" doc:"What was done, for people"`
	ID              string         `json:"id" doc:"The run's id" format:"uuid"`
	Language        string         `json:"language" doc:"Name of the language; empty for a command on an image"`
	Version         string         `json:"version" doc:"Its version"`
	Verdict         runner.Verdict `json:"verdict" doc:"What became of the program"`
	ExitStatus      int            `json:"exit_status" doc:"As a shell gives it: 128 and the signal's number"`
	Signal          string         `json:"signal" doc:"Which signal ended it, such as SIGKILL; empty when none did"`
	Stdout          string         `json:"stdout" doc:"What the program wrote there"`
	Stderr          string         `json:"stderr" doc:"What the program wrote there"`
	StdoutEncoding  string         `json:"stdout_encoding" enum:"utf8,base64" doc:"base64 when it is not text, or mostly controls"`
	StderrEncoding  string         `json:"stderr_encoding" enum:"utf8,base64" doc:"base64 when it is not text, or mostly controls"`
	StdoutTruncated bool           `json:"stdout_truncated" doc:"Whether what came after the output limit is missing"`
	StderrTruncated bool           `json:"stderr_truncated" doc:"Whether what came after the output limit is missing"`
	WallTime        float64        `json:"wall_time_ms" doc:"From the program's start to its end, in milliseconds"`
	CPUTime         float64        `json:"cpu_time_ms" doc:"CPU time of all its threads together, in milliseconds"`
	SetupTime       float64        `json:"setup_time_ms" doc:"From the request to the first start, in milliseconds"`
	PeakMemory      int64          `json:"peak_memory_bytes" doc:"Most memory the program had in use, files written included"`
	Compile         *Compile       `json:"compile,omitempty" doc:"The compile phase, where there is one"`
	Warnings        []string       `json:"warnings" doc:"What the user should know"`
	Status          int            `json:"status,omitzero" doc:"In event streams only: the HTTP status of the plain answer"`
}

// Compile is what became of the compile phase.
type Compile struct {
	Verdict         runner.Verdict `json:"verdict" doc:"What became of the compiler; ok when it compiled"`
	ExitStatus      int            `json:"exit_status"`
	Signal          string         `json:"signal"`
	Stdout          string         `json:"stdout"`
	Stderr          string         `json:"stderr"`
	StdoutEncoding  string         `json:"stdout_encoding" enum:"utf8,base64"`
	StderrEncoding  string         `json:"stderr_encoding" enum:"utf8,base64"`
	StdoutTruncated bool           `json:"stdout_truncated"`
	StderrTruncated bool           `json:"stderr_truncated"`
	WallTime        float64        `json:"wall_time_ms"`
	CPUTime         float64        `json:"cpu_time_ms"`
	PeakMemory      int64          `json:"peak_memory_bytes"`
}

func resultOf(r *runner.Result) *Result {
	out := &Result{
		Success: r.Verdict == runner.OK, Message: r.Message, ErrorCategory: categoryOf(r.Verdict), Logs: r.Log,
		ID: r.ID, Language: r.Language, Version: r.Version,
		Verdict: r.Verdict, ExitStatus: r.ExitStatus, Signal: r.Signal,
		StdoutTruncated: r.StdoutTruncated, StderrTruncated: r.StderrTruncated,
		WallTime: millis(r.Wall), CPUTime: millis(r.CPU), SetupTime: millis(r.Setup), PeakMemory: r.PeakMemory,
		Compile: compileOf(r.Compile), Warnings: r.Warnings,
	}
	out.Stdout, out.StdoutEncoding = written(r.Stdout)
	out.Stderr, out.StderrEncoding = written(r.Stderr)
	return out
}

func compileOf(c *runner.Compile) *Compile {
	if c == nil {
		return nil
	}
	out := &Compile{
		Verdict: c.Verdict, ExitStatus: c.ExitStatus, Signal: c.Signal,
		StdoutTruncated: c.StdoutTruncated, StderrTruncated: c.StderrTruncated,
		WallTime: millis(c.Wall), CPUTime: millis(c.CPU), PeakMemory: c.PeakMemory,
	}
	out.Stdout, out.StdoutEncoding = written(c.Stdout)
	out.Stderr, out.StderrEncoding = written(c.Stderr)
	return out
}

// written is bytes as a JSON string can hold them, and how.
func written(b []byte) (text, encoding string) {
	encoding, size := form(b)
	if encoding == utf8Encoding {
		return string(b), encoding
	}
	var out strings.Builder // EncodeToString would make it twice
	out.Grow(size)
	e := base64.NewEncoder(base64.StdEncoding, &out)
	_, _ = e.Write(b) // a Builder takes everything
	_ = e.Close()
	return out.String(), encoding
}

// millis are milliseconds with three decimals.
func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func categoryOf(v runner.Verdict) string {
	switch v {
	case runner.OK:
		return categoryNone
	case runner.CompileError:
		return categoryValidation
	case runner.Cancelled:
		return categoryUnknown
	}
	return categoryCrash
}

// statusOf is the HTTP status of a plain answer: a program that fails is data, and only the time limit has a status of its
// own, because clients rely on it.
func statusOf(v runner.Verdict) int {
	if v == runner.TimeLimit {
		return http.StatusRequestTimeout
	}
	return http.StatusOK
}

// The content types of bodies.
const (
	jsonType  = "application/json"
	textType  = "text/plain"
	bytesType = "application/octet-stream"
)

// reply writes an answer.
type reply func(http.ResponseWriter, *http.Request)

// keptBuffer is how large a buffer may be to be used again, in bytes: what was larger is an
// exception, and its memory goes back.
const keptBuffer = 2 << 20

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// withBuffer gives f an empty buffer with room for size bytes.
func withBuffer(size int, f func(*bytes.Buffer)) {
	b, _ := buffers.Get().(*bytes.Buffer)
	b.Reset()
	b.Grow(size)
	f(b)
	if b.Cap() <= keptBuffer {
		buffers.Put(b)
	}
}

// inJSON answers with v, encoded once.
func inJSON(status int, v any) reply {
	return func(w http.ResponseWriter, _ *http.Request) { write(w, status, 0, v) }
}

// write answers with v, whose outputs have this size in JSON.
func write(w http.ResponseWriter, status, size int, v any) {
	withBuffer(bufferFor(size), func(b *bytes.Buffer) {
		if err := json.MarshalWrite(b, v); err != nil {
			panic(err) // nothing we answer with can fail to be encoded
		}
		w.Header().Set("Content-Type", jsonType)
		w.Header().Set("Content-Length", strconv.Itoa(b.Len()))
		w.WriteHeader(status)
		_, _ = w.Write(b.Bytes()) // the client is gone
	})
}
