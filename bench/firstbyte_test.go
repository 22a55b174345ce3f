package main

import (
	"context"
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const someEvents = "retry: 1000\n\nid: 1\nevent: accepted\ndata: {\"id\":\"x\"}\n\n:\n\n" +
	"id: 2\nevent: stdout\ndata: {\"data\":\"hello 1000\\n\",\"encoding\":\"utf8\"}\n\n"

func resultEvent(verdict, stdout string) string {
	return fmt.Sprintf("id: 3\nevent: result\ndata: {\"verdict\":%q,\"stdout\":%q,\"setup_time_ms\":100}\n\n", verdict, stdout)
}

// ticking is a clock that goes on by a nanosecond with each line that is read.
func ticking(from time.Duration) func() time.Duration {
	return func() time.Duration {
		from++
		return from
	}
}

func TestReadEventsTakesTheTimeOfTheFirstOutput(t *testing.T) {
	t.Parallel()
	p := program{tells: true}
	s, err := p.readEvents(strings.NewReader(someEvents+resultEvent("ok", "hello 1000\n")), ticking(5000))
	require.NoError(t, err)
	assert.Equal(t, sample{took: 4000 + 10 + 1, word: "1000", late: true}, s, "the eleventh line")
}

func TestReadEventsTakesNothingButTheRightOnes(t *testing.T) {
	t.Parallel()
	p := program{tells: true}
	for name, events := range map[string]string{
		"cut":             someEvents,
		"no output":       resultEvent("ok", "hello 1000\n"),
		"another output":  someEvents + resultEvent("ok", "hello 1001\n"),
		"wrong verdict":   someEvents + resultEvent("nonzero_exit", "hello 1000\n"),
		"an error":        someEvents + "event: error\ndata: {\"code\":\"server_overloaded\"}\n\n",
		"from the future": strings.ReplaceAll(someEvents, "1000", "9000") + resultEvent("ok", "hello 9000\n"),
		"no JSON":         "event: stdout\ndata: hello\n\n",
	} {
		_, err := p.readEvents(strings.NewReader(events), ticking(5000))
		assert.ErrorIs(t, err, errWrong, name)
	}
}

func TestPipedTakesTheTimeOfTheLine(t *testing.T) {
	t.Parallel()
	r := ready{program: program{tells: true}}
	say := func(script string) side {
		return piped(r, func(ctx context.Context) *exec.Cmd { return exec.CommandContext(ctx, "sh", "-c", script) })
	}
	began := now()
	s, err := say(fmt.Sprintf("echo hello %d", began))(t.Context())
	require.NoError(t, err)
	assert.Positive(t, s.took)
	assert.Less(t, s.took, now()-began)

	for _, script := range []string{"echo hello", "echo hello 1; echo more", "echo hello 1; exit 1", "exit 1", "printf 'hello 1'"} {
		_, err := say(script)(t.Context())
		assert.Error(t, err, script)
	}
}
