package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"unicode/utf8"

	"golang.org/x/sync/semaphore"

	"paddock/runner"
)

// What large answers may hold of memory, all of them together, while they are encoded and sent. It is room for two of the
// largest at the usual limits and for thousands of the usual ones; those below smallAnswer need no turn.
const (
	answerBudget = 256 << 20 // bytes
	smallAnswer  = 128 << 10 // bytes
)

// budget is memory that answers take in turn.
type budget struct {
	turns *semaphore.Weighted
	most  int64
}

func newBudget(most int64) *budget { return &budget{semaphore.NewWeighted(most), most} }

// with calls f once need bytes may be taken. What needs more than there is has all of it for itself. The error is ctx's.
func (b *budget) with(ctx context.Context, need int64, f func()) error {
	if need <= smallAnswer {
		f()
		return nil
	}
	need = min(need, b.most)
	if err := b.turns.Acquire(ctx, need); err != nil {
		return err
	}
	defer b.turns.Release(need)
	f()
	return nil
}

// large answers with what body makes of these outputs, when it is its turn.
func (s *server) large(status int, outputs [][]byte, body func() any) reply {
	size := sizeOf(outputs)
	return func(w http.ResponseWriter, r *http.Request) {
		err := s.answers.with(r.Context(), needOf(size), func() { write(w, status, size, body()) })
		if err != nil {
			gone(w, r)
		}
	}
}

// outputsOf are the parts of a result that may be large.
func outputsOf(r *runner.Result) [][]byte {
	return append([][]byte{r.Stdout, r.Stderr}, compilerOutputs(r.Compile)...)
}

func compilerOutputs(c *runner.Compile) [][]byte {
	if c == nil {
		return nil
	}
	return [][]byte{c.Stdout, c.Stderr}
}

func eventOutputs(e runner.Event) [][]byte {
	switch {
	case e.Result != nil:
		return outputsOf(e.Result)
	case e.Compile != nil:
		return compilerOutputs(e.Compile)
	}
	return [][]byte{e.Data}
}

// sizeOf is how long outputs are in JSON.
func sizeOf(outputs [][]byte) (size int) {
	for _, b := range outputs {
		_, n := form(b)
		size += n
	}
	return size
}

// bufferFor is how large a buffer a text of this size is encoded in: the encoder wants a quarter of it free at the end.
func bufferFor(size int) int { return size + size/4 + 4<<10 }

// needOf is what an answer takes: the outputs as text, and the buffer.
func needOf(size int) int64 { return int64(size) + int64(bufferFor(size)) }

// eventNeed is needOf for an event, where line breaks may have to be escaped in a copy, to three times their length.
func eventNeed(outputs [][]byte, size int) int64 {
	for _, b := range outputs {
		if breaks(b) {
			return 6 * needOf(size)
		}
	}
	return needOf(size)
}

// maxGrowth is by how many bytes control characters may make any text longer.
const maxGrowth = 4 << 10

// form is how bytes are written as a JSON string, and how long that is. A control character takes six bytes there, so text
// that grows by them by more than 40 % and maxGrowth is written in base64, which takes 4/3.
func form(b []byte) (encoding string, size int) {
	short, long := 0, 0
	for _, c := range b {
		switch {
		case c == '"' || c == '\\' || (c >= '\b' && c <= '\r' && c != '\v'):
			short++
		case c < ' ':
			long++
		}
	}
	growth := 5 * long
	if (growth > maxGrowth && growth > len(b)*2/5) || !utf8.Valid(b) {
		return base64Encoding, base64.StdEncoding.EncodedLen(len(b))
	}
	return utf8Encoding, len(b) + short + growth
}
