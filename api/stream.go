package api

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	json "github.com/go-json-experiment/json"

	"paddock/runner"
)

// streamType is the content type of an event stream.
const streamType = "text/event-stream"

// retryAfter is what the client is told to wait before it comes back for a broken stream. It is shorter than the time that a
// run goes on without readers.
const retryAfter = time.Second

// The data of events. EventResult has a Result, EventError a Problem, EventCompile a Compile.
type (
	// Accepted is the data of the first event.
	Accepted struct {
		ID       string `json:"id" doc:"The run's id" format:"uuid"`
		Language string `json:"language" doc:"Name of the language"`
		Version  string `json:"version" doc:"Its version"`
		Links    Links  `json:"links" doc:"Where to go on"`
	}
	// Links are the paths of a run.
	Links struct {
		Run    string `json:"run"`
		Events string `json:"events"`
		Stdin  string `json:"stdin"`
	}
	// Output is the data of stdout and stderr.
	Output struct {
		Data     string `json:"data" doc:"What the program wrote"`
		Encoding string `json:"encoding" enum:"utf8,base64" doc:"base64 when data is not text, or mostly controls"`
	}
	// Warning is the data of a warning.
	Warning struct {
		Message string `json:"message"`
	}
)

func linksOf(id string) Links {
	at := "/runner/runs/" + id
	return Links{Run: at, Events: at + "/events", Stdin: at + "/stdin"}
}

// follow answers with a run's events behind position after. When the run has ended and there is nothing more to tell, the
// answer is 204, which keeps a browser's EventSource from coming back.
func (s *server) follow(r run, after uint64) reply {
	return s.streaming(func(ctx context.Context, out *eventWriter) {
		select {
		case <-r.Done():
		default:
			_ = out.open() // a client that is gone shows at the first event
		}
		_ = r.Follow(ctx, after, func(e runner.Event) error { // its error: the client is gone
			outputs := eventOutputs(e)
			size := sizeOf(outputs)
			var err error
			turn := s.answers.with(ctx, eventNeed(outputs, size), func() {
				name, data := s.event(ctx, r, e)
				err = out.send(strconv.FormatUint(e.ID, 10), name, data, size)
			})
			return cmp.Or(turn, err)
		})
	})
}

// streaming answers with the events that tell sends, and keeps the connection alive meanwhile. ctx ends when the client is gone.
// When there was nothing to tell the answer is 204.
func (s *site) streaming(tell func(ctx context.Context, out *eventWriter)) reply {
	return func(w http.ResponseWriter, req *http.Request) {
		s.observer.Follow(1)
		defer s.observer.Follow(-1)
		ctx, cancel := context.WithCancel(req.Context())
		defer cancel()
		out := &eventWriter{w: w, control: http.NewResponseController(w)}
		var idle sync.WaitGroup
		idle.Go(func() {
			defer cancel()
			out.keepAlive(ctx)
		})
		tell(ctx, out)
		cancel()
		idle.Wait()
		if !out.opened {
			w.WriteHeader(http.StatusNoContent)
		}
	}
}

// event is an event's name and data.
func (s *server) event(ctx context.Context, r run, e runner.Event) (name string, data any) {
	switch e.Kind {
	case runner.EventAccepted:
		language, version := r.Language()
		return "accepted", Accepted{ID: r.ID(), Language: language, Version: version, Links: linksOf(r.ID())}
	case runner.EventCompile:
		return "compile", compileOf(e.Compile)
	case runner.EventWarning:
		return "warning", Warning{e.Warning}
	case runner.EventStdout:
		text, encoding := written(e.Data)
		return "stdout", Output{text, encoding}
	case runner.EventStderr:
		text, encoding := written(e.Data)
		return "stderr", Output{text, encoding}
	case runner.EventResult:
		result := resultOf(e.Result)
		result.Status = statusOf(e.Result.Verdict)
		return "result", result
	case runner.EventError:
		return "error", s.problem(ctx, e.Err)
	}
	panic("an event of kind " + strconv.Itoa(int(e.Kind)))
}

// eventWriter writes events to one client. Its methods may be called at the same time.
type eventWriter struct {
	mu      sync.Mutex
	w       http.ResponseWriter
	control *http.ResponseController
	opened  bool
}

// open sends the header.
func (e *eventWriter) open() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.begin()
}

// begin is open for those who hold the lock.
func (e *eventWriter) begin() error {
	if e.opened {
		return nil
	}
	e.opened = true
	h := e.w.Header()
	h.Set("Content-Type", streamType)
	h.Set("X-Accel-Buffering", "no")
	e.w.WriteHeader(http.StatusOK)
	return e.write([]byte("retry: " + strconv.FormatInt(retryAfter.Milliseconds(), 10) + "\n\n"))
}

// write sends something at once. The caller holds the lock.
func (e *eventWriter) write(b []byte) error {
	if _, err := e.w.Write(b); err != nil {
		return err
	}
	return e.control.Flush()
}

// send sends one event, whose outputs have this size in JSON. One without an id is not to be resumed behind.
func (e *eventWriter) send(id, name string, data any, size int) (err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if err := e.begin(); err != nil {
		return err
	}
	withBuffer(bufferFor(size), func(b *bytes.Buffer) {
		if id != "" {
			b.WriteString("id: " + id + "\n")
		}
		b.WriteString("event: " + name + "\ndata: ")
		start := b.Len()
		if err = json.MarshalWrite(b, data); err != nil {
			return
		}
		if line := b.Bytes()[start:]; breaks(line) {
			line = oneLine(line)
			b.Truncate(start)
			b.Write(line)
		}
		b.WriteString("\n\n")
		err = e.write(b.Bytes())
	})
	return err
}

// keepAlive sends a comment at every beat, until ctx ends or the client is gone.
func (e *eventWriter) keepAlive(ctx context.Context) {
	ticker := time.NewTicker(beat)
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
			if e.comment() != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}

func (e *eventWriter) comment() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if !e.opened {
		return nil
	}
	return e.write([]byte(":\n\n"))
}

// lineBreaks end a line for some clients (Python's splitlines), though not by the standard. JSON text has them only within
// strings, where an escape means the same. All other breaks are control characters, which JSON escapes anyway.
var lineBreaks = []struct{ raw, escaped []byte }{
	{[]byte("\u0085"), []byte(`\u0085`)},
	{[]byte("\u2028"), []byte(`\u2028`)},
	{[]byte("\u2029"), []byte(`\u2029`)},
}

func breaks(text []byte) bool {
	for _, b := range lineBreaks {
		if bytes.Contains(text, b.raw) {
			return true
		}
	}
	return false
}

func oneLine(text []byte) []byte {
	for _, b := range lineBreaks {
		if bytes.Contains(text, b.raw) {
			text = bytes.ReplaceAll(text, b.raw, b.escaped)
		}
	}
	return text
}
