package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/runner"
)

// python is a request for Python with more fields.
func python(more string) string { return `{"language":"python","code":"print(1)"` + more + `}` }

func TestBustedRequests(t *testing.T) {
	h := realServer(t)
	timeout := "must be an integer from 1 to 30000, written without point or exponent"
	for name, test := range map[string]struct {
		body     string
		status   int
		code     string
		location string
		message  string // part of it
	}{
		"no body":               {"", 400, "bad_request", "", "required"},
		"not JSON":              {`{"language": "python"`, 400, "invalid_json", "", "line 1, column 22 (byte 21)"},
		"two values":            {`{} {}`, 400, "invalid_json", "", "after top-level value"},
		"second line":           {"{\n \"language\": python}", 400, "invalid_json", "body.language", "line 2, column 14"},
		"name twice":            {python(`,"code":"x"`), 400, "invalid_json", "body.code", "twice"},
		"name twice below":      {python(`,"limits":{"processes":1,"processes":2}`), 400, "invalid_json", "body.limits.processes", "twice"},
		"not UTF-8":             {python(",\"stdin\":\"\xff\""), 400, "invalid_json", "body.stdin", "invalid UTF-8"},
		"half a surrogate":      {python(`,"stdin":"\ud800"`), 400, "invalid_json", "body.stdin", "surrogate"},
		"deep":                  {strings.Repeat(`{"a":`, 100_000), 400, "invalid_json", "", "depth"},
		"an array":              {`[]`, 422, "invalid_request", "body", "expected object"},
		"no language":           {`{"code":"x"}`, 422, "invalid_request", "body", "language"},
		"unknown field":         {python(`,"colour":"red"`), 422, "invalid_request", "body.colour", "not a field"},
		"unknown limit":         {python(`,"limits":{"foo":1}`), 422, "invalid_request", "body.limits.foo", "not a field"},
		"other case":            {python(`,"STDIN":"x"`), 422, "invalid_request", "body.STDIN", "not a field"},
		"wrong type":            {`{"language":"python","code":1}`, 422, "invalid_request", "body.code", "expected string"},
		"wrong element":         {python(`,"args":["a",2]`), 422, "invalid_request", "body.args[1]", "expected string"},
		"limit 0":               {python(`,"limits":{"timeout_ms":0}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"limit negative":        {python(`,"limits":{"timeout_ms":-1}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"limit half":            {python(`,"limits":{"timeout_ms":1.5}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"limit with exponent":   {python(`,"limits":{"timeout_ms":1e3}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"limit text":            {python(`,"limits":{"timeout_ms":"NaN"}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"limit NaN":             {python(`,"limits":{"timeout_ms":NaN}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"limit -Infinity":       {python(`,"limits":{"timeout_ms":-Infinity}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"limit 1e308":           {python(`,"limits":{"timeout_ms":1e308}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"limit 1e400":           {python(`,"limits":{"timeout_ms":1e400}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"limit 2^63":            {python(`,"limits":{"timeout_ms":9223372036854775808}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"limit 2^64":            {python(`,"limits":{"timeout_ms":18446744073709551616}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"limit above":           {python(`,"limits":{"timeout_ms":30001}`), 422, "invalid_request", "body.limits.timeout_ms", timeout},
		"cpu above":             {python(`,"limits":{"cpu_time_ms":30001}`), 422, "invalid_request", "body.limits.cpu_time_ms", "1 to 30000"},
		"memory above":          {python(`,"limits":{"memory_mb":513}`), 422, "invalid_request", "body.limits.memory_mb", "16 to 512"},
		"memory below":          {python(`,"limits":{"memory_mb":15}`), 422, "invalid_request", "body.limits.memory_mb", "16 to 512"},
		"output above":          {python(`,"limits":{"output_bytes":4194305}`), 422, "invalid_request", "body.limits.output_bytes", "1 to 4194304"},
		"processes above":       {python(`,"limits":{"processes":129}`), 422, "invalid_request", "body.limits.processes", "1 to 128"},
		"a NaN elsewhere":       {python(`,"port":NaN`), 422, "invalid_request", "body.port", "no number in JSON"},
		"unknown language":      {`{"language":"cobol","code":"x"}`, 422, "unknown_language", "body.language", "python"},
		"not installed":         {`{"language":"rust","code":"x"}`, 503, "language_not_installed", "body.language", "paddock images build rust"},
		"other version":         {python(`,"version":"2"`), 422, "invalid_request", "body.version", "3.11.2"},
		"no code":               {`{"language":"python"}`, 422, "invalid_request", "body.code", "missing"},
		"code and files":        {python(`,"files":[{"path":"a","content":""}]`), 422, "invalid_request", "body.code", "beside files"},
		"path absolute":         {files("/etc/passwd"), 422, "invalid_request", "body.files[0].path", "absolute"},
		"path with ..":          {files("a/../b"), 422, "invalid_request", "body.files[0].path", ".."},
		"path with NUL":         {files(`a\u0000b`), 422, "invalid_request", "body.files[0].path", "control character"},
		"path twice":            {files("a", "b", "a"), 422, "invalid_request", "body.files[2].path", "twice"},
		"path deep":             {files(strings.Repeat("d/", 300) + "f"), 422, "invalid_request", "body.files[0].path", ""},
		"file field":            {`{"language":"python","files":[{"path":"a","content":"","mode":7}]}`, 422, "invalid_request", "body.files[0].mode", "not a field"},
		"file encoding":         {`{"language":"python","files":[{"path":"a","content":"","encoding":"hex"}]}`, 422, "invalid_request", "body.files[0].encoding", "base64"},
		"file not base64":       {`{"language":"python","files":[{"path":"a","content":"%","encoding":"base64"}]}`, 422, "invalid_request", "body.files[0].content", "not base64"},
		"stdin not base64":      {python(`,"stdin":"!","stdin_encoding":"base64"`), 422, "invalid_request", "body.stdin", "not base64"},
		"entrypoint":            {python(`,"entrypoint":"other.py"`), 422, "invalid_request", "body.entrypoint", "other.py"},
		"env name":              {python(`,"env":{"1X":""}`), 422, "invalid_request", "body.env", "variable name"},
		"code too large":        {`{"language":"python","code":"` + strings.Repeat("x", 1<<20+1) + `"}`, 413, "code_too_large", "body.code", "1048577"},
		"stdin too large":       {python(`,"stdin":"` + strings.Repeat("x", 1<<20+1) + `"`), 413, "code_too_large", "body.stdin", "1048577"},
		"readme":                {python(`,"readme_content":""`), 422, "not_supported_yet", "body.readme_content", "not supported yet"},
		"port":                  {python(`,"port":8080`), 422, "not_supported_yet", "body.port", "not supported yet"},
		"a dependency":          {python(`,"dependencies":["requests"]`), 422, "not_supported_yet", "body.dependencies", "not supported yet"},
		"21 dependencies":       {python(`,"dependencies":[` + strings.Repeat(`"x",`, 20) + `"x"]`), 422, "too_many_dependencies", "body.dependencies", "at most 20"},
		"21 mixed dependencies": {python(`,"dependencies":[` + strings.Repeat(`"x",`, 20) + `1]`), 422, "invalid_request", "body.dependencies", "at most 20"},
		"9000 dependencies":     {python(`,"dependencies":[` + strings.Repeat(`"x",`, 9000) + `"x"]`), 422, "too_many_dependencies", "body.dependencies", "too much"},
		"257 args":              {python(`,"args":[` + strings.Repeat(`"x",`, 256) + `"x"]`), 422, "invalid_request", "body.args", "at most 256"},
		"201 files":             {files(make([]string, 201)...), 422, "invalid_request", "body.files", "at most 200"},
		"129 variables":         {python(`,"env":{` + variables(129) + `}`), 422, "invalid_request", "body.env", "at most 128"},
		"2M args":               {python(`,"args":[` + strings.Repeat(`1,`, 2_000_000) + `1]`), 422, "invalid_request", "body.args", "too much"},
		"1M files":              {python(`,"files":[` + strings.Repeat(`{},`, 1_000_000) + `{}]`), 422, "invalid_request", "body.files", "too much"},
		"many fields":           {`{` + variables(10_000) + `}`, 422, "invalid_request", "", "too much"},
		"many, then broken":     {`[` + strings.Repeat(`1,`, 4000) + `x]`, 400, "invalid_json", "body[4000]", "line 1"},
		"33 deep":               {strings.Repeat(`[`, 33) + strings.Repeat(`]`, 33), 400, "invalid_json", "", "depth"},
		"user with a space":     {python(`,"user_id":"a b"`), 422, "invalid_request", "body.user_id", "pattern"},
		"user too long":         {python(`,"user_id":"` + strings.Repeat("u", 129) + `"`), 422, "invalid_request", "body.user_id", "128"},
		"tier":                  {python(`,"user_profile":{"tier":"GOLD"}`), 422, "invalid_request", "body.user_profile.tier", "ENTERPRISE"},
		"profile number":        {python(`,"user_profile":{"max_memory_mb":0}`), 422, "invalid_request", "body.user_profile.max_memory_mb", "1 to 1048576"},
		"huge name of a field":  {python(`,"` + strings.Repeat("n", 100_000) + `":1`), 422, "invalid_request", "", "not a field"},
		"huge value of a field": {python(`,"stdin_encoding":"` + strings.Repeat("n", 100_000) + `"`), 422, "invalid_request", "body.stdin_encoding", ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := call(h, http.MethodPost, "/runner/run", test.body)
			assert.Equal(t, test.status, w.Code, "%.500s", w.Body)
			p := problemIn(t, w)
			assert.Equal(t, test.code, p.Code)
			assert.Contains(t, p.Detail, test.message)
			if test.location != "" {
				require.NotEmpty(t, p.Errors)
				assert.Equal(t, test.location, p.Errors[0].Location)
			}
			assert.Less(t, w.Body.Len(), 4000, "a refusal does not repeat the request")
		})
	}
}

// variables are n fields of an object.
func variables(n int) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf(`"V%d":""`, i))
	}
	return strings.Join(list, ",")
}

// files is a request with empty files of these paths.
func files(paths ...string) string {
	var list []string
	for _, p := range paths {
		list = append(list, `{"path":"`+p+`","content":""}`)
	}
	return `{"language":"python","files":[` + strings.Join(list, ",") + `]}`
}

func TestEveryMistakeIsToldAtOnce(t *testing.T) {
	w := call(realServer(t), http.MethodPost, "/runner/run", python(`,"b":1,"a":1,"limits":{"processes":0,"x":1}`))
	p := problemIn(t, w)
	var where []string
	for _, e := range p.Errors {
		where = append(where, e.Location)
	}
	assert.Equal(t, []string{"body.a", "body.b", "body.limits.processes", "body.limits.x"}, where)
	assert.Contains(t, p.Detail, "and 3 more")
}

func TestNothingButMistakesIsShort(t *testing.T) {
	var b strings.Builder
	for i := range 1600 {
		fmt.Fprintf(&b, `,"x%d":[{}]`, i)
	}
	w := call(realServer(t), http.MethodPost, "/runner/run", python(b.String()))
	p := problemIn(t, w)
	assert.Len(t, p.Errors, maxErrors)
	assert.Contains(t, p.Detail, "1599 more")
}

func TestUnknownLanguageListsThem(t *testing.T) {
	p := problemIn(t, call(realServer(t), http.MethodPost, "/api/repl/execute", `{"language":"cobol","code":""}`))
	assert.Equal(t, []string{"bash", "c", "cpp", "go", "javascript", "python", "ruby", "rust"}, p.Languages)
}

func TestImageNotAllowedListsThem(t *testing.T) {
	p := problemIn(t, call(realServer(t), http.MethodPost, "/api/containers/create", `{"image":"debian","argv":["ls"]}`))
	assert.Equal(t, "image_not_allowed", p.Code)
	assert.Equal(t, []string{"python", "tools"}, p.Images)
}

func TestOtherWaysInAreAsStrict(t *testing.T) {
	h := realServer(t)
	for path, body := range map[string]string{
		"/api/repl/execute":             `{"language":"python","code":"x","files":[]}`,
		"/api/repl/execute/stream":      `{"language":"python","code":"x","files":[]}`,
		"/api/containers/create":        `{"image":"python","argv":["ls"],"language":"python"}`,
		"/api/containers/create/stream": `{"image":"","argv":["ls"]}`,
	} {
		w := call(h, http.MethodPost, path, body)
		assert.Equal(t, "invalid_request", problemIn(t, w).Code, path)
		assert.Equal(t, http.StatusUnprocessableEntity, w.Code)
	}
}

func TestRequestsBecomeJobs(t *testing.T) {
	for name, test := range map[string]struct {
		path, body string
		want       runner.Job
	}{
		"code": {"/runner/run", `{"language":"py","version":"3","code":"é\u0000","stdin":"in","args":["a"],"env":{"K":"v"}}`, runner.Job{
			Language: "py", Version: "3", Code: []byte("é\x00"), Stdin: []byte("in"), Args: []string{"a"}, Env: map[string]string{"K": "v"},
		}},
		"empty code": {"/runner/run", `{"language":"py","code":""}`, runner.Job{Language: "py", Code: []byte{}, Stdin: []byte{}}},
		"nulls count as missing": {"/runner/run", `{"language":"py","code":"x","files":null,"limits":null,"port":null}`, runner.Job{
			Language: "py", Code: []byte("x"), Stdin: []byte{},
		}},
		"files": {"/runner/run", `{"language":"c","files":[{"path":"a.c","content":"x"},{"path":"b","content":"/wA=","encoding":"base64"}],
			"entrypoint":"a.c","stdin":"AAE=","stdin_encoding":"base64","stdin_open":true}`, runner.Job{
			Language: "c", Files: []runner.File{{Path: "a.c", Data: []byte("x")}, {Path: "b", Data: []byte{0xff, 0}}},
			Entrypoint: "a.c", Stdin: []byte{0, 1}, StdinOpen: true,
		}},
		"limits": {"/runner/run", `{"language":"c","code":"","limits":{"timeout_ms":1,"cpu_time_ms":2,"memory_mb":16,"output_bytes":4,"processes":5}}`, runner.Job{
			Language: "c", Code: []byte{}, Stdin: []byte{},
			Limits: runner.Limits{Timeout: time.Millisecond, CPUTime: 2 * time.Millisecond, Memory: 16 << 20, Output: 4, Processes: 5},
		}},
		"who it is for": {"/runner/run", `{"language":"c","code":"","project_id":"p-1","user_id":"a@b.example","user_profile":{"tier":"PRO","max_memory_mb":64}}`,
			runner.Job{User: "a@b.example", Language: "c", Code: []byte{}, Stdin: []byte{}}},
		"repl": {"/api/repl/execute", `{"language":"py","code":"x","stdin":"y","args":["z"],"user_id":"u-1"}`, runner.Job{
			User: "u-1", Language: "py", Code: []byte("x"), Stdin: []byte("y"), Args: []string{"z"},
		}},
		"container": {"/api/containers/create", `{"image":"bash","argv":["ls","-l"],"env":{"A":"b"},"user_id":"u-1"}`, runner.Job{
			User: "u-1", Image: "bash", Argv: []string{"ls", "-l"}, Env: map[string]string{"A": "b"}, Stdin: []byte{},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			runs := &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})}
			w := call(fakeServer(t, runs), http.MethodPost, test.path, test.body)
			require.Equal(t, http.StatusOK, w.Code, "%s", w.Body)
			test.want.Client = "192.0.2.1"                      // httptest's
			runs.job.Ended, runs.job.Limits.CPUPercent = nil, 0 // admission puts them in
			if test.want.Limits.Memory == 0 {
				runs.job.Limits.Memory = 0 // the default, or what the tier allows
			}
			assert.Equal(t, test.want, runs.job)
		})
	}
}

func FuzzRunRequest(f *testing.F) {
	for _, seed := range []string{
		python(""), files("a", "b"), python(`,"limits":{"timeout_ms":NaN}`), python(`,"limits":{"memory_mb":1e400}`),
		python(`,"user_profile":{"tier":"PRO"},"env":{"A":"b"},"args":["x"]`), "[[[[", "\xef\xbb\xbf{}", `{"language":null}`,
	} {
		f.Add([]byte(seed))
	}
	h := fakeServer(f, &fakeRuns{run: endedRun(runner.Result{Verdict: runner.OK})})
	f.Fuzz(func(t *testing.T, body []byte) {
		r := httptest.NewRequest(http.MethodPost, "/runner/run", bytes.NewReader(body))
		r.Host = "localhost"
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Less(t, w.Code, 500, "%q", body)
		assert.True(t, json.Valid(w.Body.Bytes()), "%q", body)
		if w.Code == http.StatusOK {
			assert.True(t, json.Valid(body), "%q was taken", body)
		}
	})
}
