package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Bad input gets a clear refusal that names what is wrong, and costs no cell.
func TestBadInput(t *testing.T) {
	s := live(t)
	code := object{"language": "python", "code": "pass"}
	with := func(more object) object {
		body := object{}
		for _, m := range []object{code, more} {
			for k, v := range m {
				body[k] = v
			}
		}
		return body
	}
	files := func(paths ...string) object {
		var list []object
		for _, p := range paths {
			list = append(list, object{"path": p, "content": ""})
		}
		return object{"language": "python", "files": list, "entrypoint": paths[0]}
	}
	const maxTimeout = "300000" // limits.max.timeout, in milliseconds
	for _, c := range []struct {
		name   string
		body   any
		status int
		says   []string
	}{
		{"unknown language", object{"language": "cobol", "code": ""}, 422, []string{"cobol", "python", "rust"}},
		{"unknown field", with(object{"colour": "red"}), 422, []string{"colour"}},
		{"unknown field inside", with(object{"limits": object{"timeout": 5}}), 422, []string{"limits", "timeout"}},
		{"wrong type", with(object{"args": "one"}), 422, []string{"args"}},
		{"no code", object{"language": "python"}, 422, []string{"code"}},
		{"code and files", with(object{"files": []object{{"path": "a.py", "content": ""}}}), 422, []string{"code", "files"}},
		{"limit 0", with(object{"limits": object{"timeout_ms": 0}}), 422, []string{"timeout_ms", maxTimeout}},
		{"limit negative", with(object{"limits": object{"memory_mb": -1}}), 422, []string{"memory_mb", "2048"}},
		{"limit NaN", []byte(`{"language":"python","code":"","limits":{"timeout_ms":NaN}}`), 422, []string{"timeout_ms", maxTimeout}},
		{"limit \"NaN\"", with(object{"limits": object{"timeout_ms": "NaN"}}), 422, []string{"timeout_ms"}},
		{"limit 1e308", []byte(`{"language":"python","code":"","limits":{"timeout_ms":1e308}}`), 422, []string{"timeout_ms", maxTimeout}},
		{"limit 2^63", []byte(`{"language":"python","code":"","limits":{"cpu_time_ms":9223372036854775808}}`), 422, []string{"cpu_time_ms", maxTimeout}},
		{"limit above the maximum", with(object{"limits": object{"processes": 513}}), 422, []string{"processes", "512"}},
		{"output above the maximum", with(object{"limits": object{"output_bytes": 1 << 30}}), 422, []string{"output_bytes", strconv.Itoa(16 * mib)}},
		{"path absolute", files("/etc/passwd"), 422, []string{"files[0].path", "absolute"}},
		{"path with ..", files("a/../../b.py"), 422, []string{"files[0].path"}},
		{"path with NUL", files("a\x00b.py"), 422, []string{"files[0].path"}},
		{"path twice", files("a.py", "a.py"), 422, []string{"files[1].path"}},
		{"path below a file", files("a", "a/b.py"), 422, []string{"files[1].path"}},
		{"path hundreds of directories deep", files(strings.Repeat("d/", 200) + "a.py"), 422, []string{"files[0].path", "deep"}},
		{"not supported yet: port", with(object{"port": 80}), 422, []string{"not supported yet"}},
		{"not supported yet: readme_content", with(object{"readme_content": "# hi"}), 422, []string{"not supported yet"}},
		{"too many dependencies", with(object{"dependencies": strings.Split(strings.Repeat("a,", 20)+"a", ",")}), 422, []string{"20"}},
		{"code over 1 MiB", object{"language": "python", "code": strings.Repeat("#", mib+1)}, 413, []string{"1048576"}},
		{"no JSON", []byte(`{"language": `), 400, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := s.send(t, http.MethodPost, "/runner/run", c.body)
			assert.Equal(t, c.status, a.Status, "%.500s", a.Raw)
			assert.Equal(t, "application/problem+json", a.Header.Get("Content-Type"))
			assert.Equal(t, false, a.Body["success"])
			for _, word := range c.says {
				assert.Contains(t, string(a.Raw), word)
			}
		})
	}
}

// A body over the cap is refused before it is read: the server answers while most of it has not been sent.
func TestBodyOverTheCapIsRefusedBeforeItIsRead(t *testing.T) {
	s := live(t)
	endless, feed := io.Pipe()
	defer func() { _ = feed.Close() }()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, s.url+"/runner/run", endless)
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/json")
	req.ContentLength = 1 << 40
	go func() { _, _ = feed.Write(bytes.Repeat([]byte(" "), 1<<10)) }()
	res, err := client.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	assert.Equal(t, http.StatusRequestEntityTooLarge, res.StatusCode)
}
