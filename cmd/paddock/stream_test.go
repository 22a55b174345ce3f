package main

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const slowCounter = "import time\nfor i in range(5):\n  print(i, flush=True)\n  time.sleep(0.2)"

func TestStreamCarriesEverythingInOrder(t *testing.T) {
	s := live(t)
	st := s.follow(t, context.Background(), "/runner/run", object{"language": "c",
		"code": "#include <stdio.h>\nint main(void) { puts(\"out\"); fflush(stdout); fputs(\"err\\n\", stderr); return 4; }"})
	compile := st.until(t, "compile")
	assert.Equal(t, "ok", compile.text("verdict"))
	result := st.until(t, "result")
	assert.Equal(t, "nonzero_exit", result.text("verdict"))
	assert.Equal(t, "out\n", result.text("stdout"))
	assert.Equal(t, "err\n", result.text("stderr"))
	var kinds []string
	for _, ev := range st.seen {
		kinds = append(kinds, ev.Type)
	}
	assert.Equal(t, []string{"accepted", "compile"}, kinds[:2])
	assert.Equal(t, "result", kinds[len(kinds)-1])
	_, open := <-st.events
	assert.False(t, open, "the stream ends behind the result")
}

// A client that loses its connection goes on behind the last event it saw: nothing is missing, nothing comes twice.
func TestStreamResumes(t *testing.T) {
	s := live(t)
	ctx, hangUp := context.WithCancel(context.Background())
	st := s.follow(t, ctx, "/runner/run", object{"language": "python", "code": slowCounter})
	got := st.until(t, "stdout").text("data")
	got += st.until(t, "stdout").text("data")
	hangUp()
	again := s.resume(t, context.Background(), st.id, st.last)
	for !strings.HasSuffix(got, "4\n") {
		got += again.until(t, "stdout").text("data")
	}
	assert.Equal(t, "0\n1\n2\n3\n4\n", got)
	assert.Equal(t, "ok", again.until(t, "result").text("verdict"))

	whole := s.resume(t, context.Background(), st.id, "")
	whole.until(t, "result")
	assert.Equal(t, "accepted", whole.seen[0].Type, "an ended run can be read from its beginning")
	a := s.send(t, http.MethodGet, "/runner/runs/"+st.id, nil)
	assert.Equal(t, http.StatusOK, a.Status)
	assert.Equal(t, "ended", a.text("state"))
	assert.Contains(t, string(a.Raw), `0\n1\n2\n3\n4\n`)
}

func TestStdinCanBeFed(t *testing.T) {
	s := live(t)
	st := s.follow(t, context.Background(), "/runner/run", object{"language": "python", "stdin": "first\n", "stdin_open": true,
		"code": "import sys\nfor line in sys.stdin: print('got', line.strip(), flush=True)\nprint('end')"})
	assert.Equal(t, "got first\n", st.until(t, "stdout").text("data"))
	a := s.send(t, http.MethodPost, "/runner/runs/"+st.id+"/stdin", object{"data": "second\n"})
	require.Less(t, a.Status, 300, "%s", a.Raw)
	assert.Equal(t, "got second\n", st.until(t, "stdout").text("data"))
	a = s.send(t, http.MethodPost, "/runner/runs/"+st.id+"/stdin", object{"data": "third\n", "eof": true})
	require.Less(t, a.Status, 300, "%s", a.Raw)
	result := st.until(t, "result")
	assert.Equal(t, "got first\ngot second\ngot third\nend\n", result.text("stdout"))
	a = s.send(t, http.MethodPost, "/runner/runs/"+st.id+"/stdin", object{"data": "too late\n"})
	assert.Equal(t, http.StatusConflict, a.Status, "%s", a.Raw)
}

func TestDeleteCancels(t *testing.T) {
	s := live(t)
	st := s.follow(t, context.Background(), "/runner/run", object{"language": "bash", "code": "echo up; sleep 1000"})
	st.until(t, "stdout")
	a := s.send(t, http.MethodDelete, "/runner/runs/"+st.id, nil)
	assert.Equal(t, http.StatusAccepted, a.Status, "%s", a.Raw)
	result := st.until(t, "result")
	assert.Equal(t, "cancelled", result.text("verdict"))
	assert.Equal(t, "up\n", result.text("stdout"))
}

func TestReplAndContainers(t *testing.T) {
	s := live(t)
	a := s.send(t, http.MethodPost, "/api/repl/execute", object{"language": "py", "code": "print(input())", "stdin": "typed"})
	wantVerdict(t, a, "ok")
	assert.Equal(t, "typed\n", a.text("stdout"))

	st := s.follow(t, context.Background(), "/api/repl/execute/stream", object{"language": "js", "code": "console.log(1 + 1)"})
	assert.Equal(t, "2\n", st.until(t, "stdout").text("data"))
	assert.Equal(t, "ok", st.until(t, "result").text("verdict"))

	a = s.send(t, http.MethodPost, "/api/containers/create", object{"image": "bash", "argv": []string{"cat", "note.txt"},
		"files": []object{{"path": "note.txt", "content": "noted"}}})
	wantVerdict(t, a, "ok")
	assert.Equal(t, "noted", a.text("stdout"))

	st = s.follow(t, context.Background(), "/api/containers/create/stream", object{"image": "bash", "argv": []string{"echo", "streamed"}})
	assert.Equal(t, "ok", st.until(t, "result").text("verdict"))

	a = s.send(t, http.MethodPost, "/api/containers/create", object{"image": "docker.io/library/alpine", "argv": []string{"true"}})
	assert.Equal(t, http.StatusUnprocessableEntity, a.Status)

	a = s.send(t, http.MethodGet, "/api/repl/languages", nil)
	assert.Equal(t, http.StatusOK, a.Status)
	for _, name := range []string{"python", "javascript", "bash", "ruby", "c", "cpp", "go", "rust"} {
		assert.Contains(t, string(a.Raw), `"`+name+`"`)
	}
}

func TestOperatorsRoutes(t *testing.T) {
	s := live(t)
	for _, path := range []string{"/livez", "/readyz", "/openapi.json", "/docs"} {
		a := s.send(t, http.MethodGet, path, nil)
		assert.Equal(t, http.StatusOK, a.Status, "%s: %.500s", path, a.Raw)
	}
	assert.Equal(t, "3.1.0", s.send(t, http.MethodGet, "/openapi.json", nil).text("openapi"))
}
