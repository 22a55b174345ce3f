package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCheckAnswerTakesNothingButTheRightOne(t *testing.T) {
	t.Parallel()
	var p program
	s, err := p.checkAnswer(200, []byte(`{"verdict":"ok","stdout":"hello\n","stderr":"","wall_time_ms":7.5,"setup_time_ms":0.05,"logs":[]}`))
	require.NoError(t, err)
	assert.Equal(t, sample{cell: 7500 * time.Microsecond}, s)

	s, err = p.checkAnswer(200, []byte(`{"verdict":"ok","stdout":"hello\n","wall_time_ms":1.5,"compile":{"wall_time_ms":40},"setup_time_ms":120}`))
	require.NoError(t, err)
	assert.True(t, s.late)
	assert.Equal(t, 41500*time.Microsecond, s.cell, "the compiler is part of it")

	for name, answer := range map[string]string{
		"wrong output":  `{"verdict":"ok","stdout":"hullo\n"}`,
		"wrong verdict": `{"verdict":"nonzero_exit","stdout":"hello\n"}`,
		"complaint":     `{"verdict":"ok","stdout":"hello\n","stderr":"warning"}`,
		"no JSON":       `hello`,
	} {
		_, err := p.checkAnswer(200, []byte(answer))
		assert.ErrorIs(t, err, errWrong, name)
	}
	_, err = p.checkAnswer(500, []byte(`{"verdict":"ok","stdout":"hello\n"}`))
	assert.ErrorIs(t, err, errWrong)
	assert.ErrorContains(t, err, "HTTP 500")
	_, err = p.checkAnswer(503, []byte(`{"code":"server_overloaded"}`))
	assert.ErrorIs(t, err, errRefused)
	_, err = p.checkAnswer(503, []byte(`{"code":"sandbox_unavailable"}`))
	assert.ErrorIs(t, err, errWrong, "that is a failure")
}

func TestHeard(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		tells  bool
		output string
		word   string
		ok     bool
	}{
		{false, "hello\n", "", true},
		{false, "hello", "", false},
		{false, "hello 12\n", "", false},
		{false, "", "", false},
		{true, "hello 12\n", "12", true},
		{true, "hello\n", "", false},
		{true, "hello \n", "", false},
		{true, "hello12\n", "12", false},
		{true, "hello 1 2\n", "1 2", false},
		{true, "hello 1\nhello 2\n", "", false},
		{true, "hello 12", "", false},
	} {
		word, ok := program{tells: c.tells}.heard(c.output)
		assert.Equal(t, c.ok, ok, "%q", c.output)
		if c.ok {
			assert.Equal(t, c.word, word, "%q", c.output)
		}
	}
}

func TestCellsIn(t *testing.T) {
	t.Parallel()
	ids, running, err := cellsIn([]byte(`[{"Id":"2","State":"running"},{"Id":"1","State":"running"}]`))
	require.NoError(t, err)
	assert.Equal(t, []string{"1", "2"}, ids, "in an order that does not change")
	assert.True(t, running)
	_, running, err = cellsIn([]byte(`[{"Id":"2","State":"running"},{"Id":"1","State":"stopping"}]`))
	require.NoError(t, err)
	assert.False(t, running)
	ids, running, err = cellsIn([]byte(`[]`))
	require.NoError(t, err)
	assert.NotNil(t, ids, "none is not the same as not looked yet")
	assert.True(t, running)
	_, _, err = cellsIn([]byte(`oops`))
	assert.Error(t, err)
}

func TestServerFlags(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []string{"--pool.warm", "0"}, serverOptions{}.flags())
	assert.Equal(t, []string{"--pool.warm", "0", "--pool.language", "c=2", "--pool.max-cells", "50"},
		serverOptions{warm: map[string]int{"c": 2}, maxCells: 50}.flags())
}

func TestUsers(t *testing.T) {
	t.Parallel()
	r := ready{body: []byte(`{"code":"x"}`)}
	same, fresh, nobody := oneTenant.users(), newTenants.users(), anonymous.users()
	for range 2 {
		assert.JSONEq(t, `{"code":"x","user_id":"bench"}`, string(r.bodyFor(same())))
	}
	assert.JSONEq(t, `{"code":"x","user_id":"new-1"}`, string(r.bodyFor(fresh())))
	assert.JSONEq(t, `{"code":"x","user_id":"new-2"}`, string(r.bodyFor(fresh())))
	assert.JSONEq(t, `{"code":"x"}`, string(r.bodyFor(nobody())))
	assert.JSONEq(t, `{"code":"x"}`, string(r.body), "the next run has a user of its own")
}

func TestLearnFindsAddressAndRuntimeInTheLog(t *testing.T) {
	t.Parallel()
	s := &server{}
	assert.Empty(t, s.learn([]byte(`{"level":"info","runtime":"crun","message":"the canary cell holds"}`)))
	assert.Empty(t, s.learn([]byte(`not JSON`)))
	assert.Empty(t, s.learn([]byte(`{"addr":"127.0.0.1:1","message":"something else"}`)))
	assert.Equal(t, "127.0.0.1:4711", s.learn([]byte(`{"addr":"127.0.0.1:4711","message":"listening"}`)))
	assert.Equal(t, "crun", s.runtime)
}

func TestPrograms(t *testing.T) {
	t.Parallel()
	path, body := asCode(programs["python"], []byte("print()"))
	assert.Equal(t, "/runner/run", path)
	text, err := json.Marshal(body)
	require.NoError(t, err)
	assert.JSONEq(t, `{"language":"python","code":"print()"}`, string(text))

	binary := []byte{0x7f, 'E', 'L', 'F', 0}
	path, body = asFile(programs["c-static"], binary)
	assert.Equal(t, "/api/containers/create", path)
	text, err = json.Marshal(body)
	require.NoError(t, err)
	encoded := base64.StdEncoding.EncodeToString(binary)
	assert.JSONEq(t, `{"image":"c","argv":["./hello"],"files":[{"path":"hello","encoding":"base64","content":"`+encoded+`"}]}`, string(text))
}

func TestFieldsOfTheMachine(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "Some CPU @ 2 GHz", field("processor\t: 0\nmodel name\t: Some CPU @ 2 GHz\nmodel name\t: another\n", "model name"))
	assert.Empty(t, field("no such line\n", "model name"))
	assert.Equal(t, "4.3.1", lastWord("podman version 4.3.1\n"))
	assert.Equal(t, "1.1.5", lastWord("runc version 1.1.5\ncommit: abc\n"))
	assert.Equal(t, "unknown", lastWord(""))
}

func TestParse(t *testing.T) {
	t.Parallel()
	o, err := parse([]string{"--json", "--runs", "5", "--only", "c-tiny"}, io.Discard)
	require.NoError(t, err)
	assert.True(t, o.json)
	assert.Equal(t, 5, o.runs)
	assert.Len(t, o.cases, 1)
	for _, bad := range [][]string{{"--runs", "0"}, {"--time", "1ms"}, {"--only", "x"}, {"extra"}, {"--nonsense"}} {
		var said bytes.Buffer
		_, err := parse(bad, &said)
		assert.Error(t, err, bad)
		assert.NotEmpty(t, said.String(), "it says why %v is wrong", bad)
	}
}

// The load counts what ends in its window: not the lead-in, and not what is still running at its end.
func TestLoadCountsRunsOfItsWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		run := func(ctx context.Context) (sample, error) {
			return sample{took: time.Second}, sleep(ctx, time.Second)
		}
		got, err := load(t.Context(), run, 3, 2*time.Second, 4*time.Second+time.Millisecond)
		require.NoError(t, err)
		assert.Len(t, got, 3*4)
	})
}

func TestLoadEndsWithTheFirstError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken")
		began := time.Now()
		run := func(context.Context) (sample, error) {
			if time.Since(began) > time.Second {
				return sample{}, broken
			}
			time.Sleep(time.Second)
			return sample{}, nil
		}
		_, err := load(t.Context(), run, 2, time.Second, time.Minute)
		assert.ErrorIs(t, err, broken)
		assert.Less(t, time.Since(began), time.Minute)
	})
}

func TestPutAwayGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	var done []string
	b := &bench{}
	for _, name := range []string{"first", "second", "third"} {
		b.undos = append(b.undos, func(context.Context) error {
			done = append(done, name)
			return errors.New(name)
		})
	}
	err := b.putAway()
	assert.Equal(t, []string{"third", "second", "first"}, done)
	assert.ErrorContains(t, err, "second")
	assert.NoError(t, b.putAway(), "nothing is left to be put away")
}

func TestProgressIsNotTooChattyInALog(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var log bytes.Buffer
		p := newProgress(&log)
		p.say("begin")
		for range 100 {
			time.Sleep(time.Second)
			p.step("going on")
		}
		assert.Equal(t, 1+10, strings.Count(log.String(), "\n"), log.String())
		assert.Contains(t, log.String(), "[  10.0s] going on\n")
	})
}
