package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What goes on while others are answered. Each prints a line first.
const (
	sleeps  = "print('up', flush=True)\nimport time\ntime.sleep(1000)"
	listens = "print('up', flush=True)\ninput()"
	burns   = "print('up', flush=True)\nwhile True: pass"
)

// state is what the server says of a run.
func (s *server) state(t *testing.T, id string) string {
	t.Helper()
	return s.send(t, http.MethodGet, "/runner/runs/"+id, nil).text("state")
}

// begin starts a program that goes on until the test ends, and returns once it has printed its line.
func (s *server) begin(t *testing.T, user, code string) *stream {
	t.Helper()
	ctx, hangUp := context.WithCancel(context.Background())
	st := s.follow(t, ctx, "/runner/run", object{"language": "python", "code": code, "user_id": user, "stdin_open": true})
	t.Cleanup(func() {
		s.send(t, http.MethodDelete, "/runner/runs/"+st.id, nil)
		assert.Equal(t, "cancelled", st.until(t, "result").text("verdict"))
		hangUp()
	})
	assert.Equal(t, "up\n", st.until(t, "stdout").text("data"))
	return st
}

// slotWaiters is how many requests wait for a slot, as the server's metrics say.
func (s *server) slotWaiters(t *testing.T) (n int) {
	t.Helper()
	const name = "\npaddock_slot_waiters "
	_, value, found := strings.Cut(string(s.send(t, http.MethodGet, "/metrics", nil).Raw), name)
	require.True(t, found)
	_, err := fmt.Sscan(value, &n)
	require.NoError(t, err)
	return n
}

// answered checks that a program of a user is answered while all of going go on; no user is somebody anonymous.
func (s *server) answered(t *testing.T, user string, going ...*stream) {
	t.Helper()
	more := object{"user_id": user}
	if user == "" {
		more = nil
	}
	a := s.python(t, "print('hello')", more)
	wantVerdict(t, a, "ok")
	for _, st := range going {
		assert.Equal(t, "running", s.state(t, st.id))
	}
}

// With one slot for all, nothing that goes on keeps what is short from being answered.
func TestOneSlotIsEnough(t *testing.T) {
	s := start(t, func(c *Config) {
		c.Pool.Slots = 1
		// Order is looked at, not time.
		c.Limits.Default.Timeout, c.Limits.Default.CPUTime = c.Limits.Max.Timeout, c.Limits.Max.CPUTime
		c.Pool.Wait = c.Limits.Max.Timeout
	})
	t.Run("who sleeps or waits for input has none", func(t *testing.T) {
		var going []*stream
		for _, code := range []string{sleeps, listens, sleeps, listens} {
			going = append(going, s.begin(t, "sleeper", code)) // each while those before it go on
		}
		s.answered(t, "sleeper", going...)
		s.answered(t, "somebody", going...)
		s.answered(t, "", going...)
	})
	t.Run("who burns CPU gives it up to whoever waits", func(t *testing.T) {
		first := s.begin(t, "burner", burns)
		s.answered(t, "burner", first)
		second := s.begin(t, "burner", burns)
		s.answered(t, "somebody", first, second)
	})
	t.Run("who asks for much waits for himself", func(t *testing.T) {
		s.answered(t, "one") // who has a cell now
		burning := s.begin(t, "burner", burns)
		const many = 10
		answers := make(chan string, many+1)
		var work sync.WaitGroup
		ask := func(user string) {
			work.Go(func() {
				a, err := s.try(context.Background(), http.MethodPost, "/runner/run", object{
					"language": "python", "user_id": user, "code": "import time\nwhile time.process_time() < 0.1: pass",
				})
				if assert.NoError(t, err) {
					assert.Equal(t, "ok", a.text("verdict"), "%.1000s", a.Raw)
				}
				answers <- user
			})
		}
		for range many {
			ask("many")
		}
		require.Eventually(t, func() bool { return s.slotWaiters(t) >= many/2 }, settled, tick)
		ask("one")
		work.Wait()
		close(answers)
		var order []string
		for user := range answers {
			order = append(order, user)
		}
		assert.NotEqual(t, "one", order[many], "%v", order)
		assert.Equal(t, "running", s.state(t, burning.id))
	})
}
