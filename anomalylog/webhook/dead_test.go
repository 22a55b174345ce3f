package webhook

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
)

const varWriter = "PADDOCK_TEST_WEBHOOK_WRITER"

// giveUpForEver tells a target that takes nothing, until it is killed.
func giveUpForEver(path string) {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadRequest) }))
	d, err := New(Options{
		Targets: []Target{{Name: "t", URL: s.URL}}, Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, Dead: path,
	})
	if err != nil {
		panic(err)
	}
	for i := 0; ; i++ {
		d.Notify(event(anomalylog.Quarantined, strconv.Itoa(i)))
		if d.Counts()["t"].GivenUp >= 20 {
			fmt.Println("many")
		}
	}
}

// A process that is killed in the middle of it leaves whole letters, and at most half of one, which the next process takes away.
func TestKill(t *testing.T) {
	for range 5 {
		path := filepath.Join(t.TempDir(), "dead.jsonl")
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), varWriter+"="+path)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		require.True(t, bufio.NewScanner(out).Scan())
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
		d := &deadLetters{path: path}
		require.NoError(t, d.write(letter{Target: "after"}))
		all := letters(t, path)
		assert.GreaterOrEqual(t, len(all), 20)
		assert.Equal(t, "after", all[len(all)-1].Target)
	}
}

func TestHalfALetterIsTakenAway(t *testing.T) {
	const whole = `{"target":"whole"}` + "\n"
	for name, tail := range map[string]string{
		"nothing": "", "half": `{"target":`, "no line break": `{"target":"x"}`, "the longest": strings.Repeat("x", maxLetter-100),
	} {
		path := filepath.Join(t.TempDir(), "d")
		require.NoError(t, os.WriteFile(path, []byte(whole+tail), 0o600))
		d := &deadLetters{path: path}
		require.NoError(t, d.write(letter{Target: "next"}), name)
		all := letters(t, path)
		require.Len(t, all, 2, name)
		assert.Equal(t, "whole", all[0].Target)
		assert.Equal(t, "next", all[1].Target)
	}
}

func TestTheFileForWhatWasGivenUpIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d")
	line := []byte(strings.Repeat(" ", 1<<20-1) + "\n")
	full := make([]byte, 0, maxDead)
	for len(full) < maxDead-100 {
		full = append(full, line[len(line)-min(len(line), maxDead-100-len(full)):]...)
	}
	require.NoError(t, os.WriteFile(path, full, 0o644))
	require.NoError(t, os.WriteFile(path+".1", []byte("old"), 0o600))
	d := &deadLetters{path: path}
	require.NoError(t, d.write(letter{Target: "one", LastError: strings.Repeat("x", 200)}))
	require.NoError(t, d.write(letter{Target: "two"}))
	assert.Len(t, letters(t, path), 2)
	kept, err := os.Stat(path + ".1")
	require.NoError(t, err)
	assert.EqualValues(t, len(full), kept.Size())
	info, err := os.Stat(path)
	require.NoError(t, err)
	for _, i := range []os.FileInfo{kept, info} {
		assert.Equal(t, os.FileMode(0o600), i.Mode().Perm())
	}
}

// Where nothing can be written the loss is counted, said, and an error at the end; what is not ours is left as it is.
func TestLost(t *testing.T) {
	r := receive(t, status(http.StatusBadRequest))
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine")
	require.NoError(t, os.WriteFile(mine, []byte(strings.Repeat("x", 2*maxLetter)), 0o600))
	theirs, link := filepath.Join(dir, "theirs"), filepath.Join(dir, "link")
	require.NoError(t, os.WriteFile(theirs, nil, 0o600))
	require.NoError(t, os.Symlink(theirs, link))
	for name, path := range map[string]string{"a directory": dir, "a link": link, "something else": mine} {
		d := dispatch(t, Options{Targets: []Target{{URL: r.URL}}, Dead: path})
		d.Notify(event(anomalylog.Quarantined, "ada"))
		require.ErrorContains(t, d.Close(context.Background()), "1 alerts were neither delivered nor written down", name)
		assert.Equal(t, Counts{GivenUp: 1, FailedTries: 1, Lost: 1}, d.Counts()["t0"], name)
	}
	for path, size := range map[string]int64{mine: 2 * maxLetter, theirs: 0} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, size, info.Size())
	}
}
