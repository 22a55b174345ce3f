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
	s, err := checkAnswer(200, []byte(`{"verdict":"ok","stdout":"hello\n","stderr":"","wall_time_ms":7.5,"setup_time_ms":0.05,"logs":[]}`))
	require.NoError(t, err)
	assert.Equal(t, sample{cell: 7500 * time.Microsecond}, s)

	s, err = checkAnswer(200, []byte(`{"verdict":"ok","stdout":"hello\n","setup_time_ms":120}`))
	require.NoError(t, err)
	assert.True(t, s.cold)

	for name, answer := range map[string]string{
		"wrong output":  `{"verdict":"ok","stdout":"hullo\n"}`,
		"wrong verdict": `{"verdict":"nonzero_exit","stdout":"hello\n"}`,
		"complaint":     `{"verdict":"ok","stdout":"hello\n","stderr":"warning"}`,
		"no JSON":       `hello`,
	} {
		_, err := checkAnswer(200, []byte(answer))
		assert.ErrorIs(t, err, errWrong, name)
	}
	_, err = checkAnswer(503, []byte(`{"verdict":"ok","stdout":"hello\n"}`))
	assert.ErrorIs(t, err, errWrong)
	assert.ErrorContains(t, err, "HTTP 503")
}

func TestCountCells(t *testing.T) {
	t.Parallel()
	running, all, err := countCells([]byte(`[{"Id":"1","State":"running"},{"Id":"2","State":"stopping"},{"Id":"3","State":"running"}]`))
	require.NoError(t, err)
	assert.Equal(t, []int{2, 3}, []int{running, all})
	running, all, err = countCells([]byte(`[]`))
	require.NoError(t, err)
	assert.Equal(t, []int{0, 0}, []int{running, all})
	_, _, err = countCells([]byte(`oops`))
	assert.Error(t, err)
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
		got, err := load(t.Context(), run, 3, 4*time.Second+time.Millisecond)
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
		_, err := load(t.Context(), run, 2, time.Minute)
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
