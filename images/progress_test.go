package images

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProgressIsALinePerStepWithTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var b bytes.Buffer
		p := newProgress(&b)
		w := p.follow("go", "building", false)
		time.Sleep(12 * time.Second)
		_, err := w.Write([]byte("STEP 1/2: FROM x\nSTEP 2/2: RUN  a \\\n"))
		require.NoError(t, err)
		_, err = w.Write([]byte("output\nio.paddock.version=go version go1.24.4\nlast"))
		require.NoError(t, err)
		time.Sleep(10 * time.Second)
		require.NoError(t, w.Close())
		p.say("go", "built")
		assert.Equal(t, "   0.0s  go: building\n  10.0s  go: still busy after 10s: building\n  12.0s  go: RUN a \\\n"+
			"  20.0s  go: still busy after 20s: RUN a \\\n  22.0s  go: built\n", b.String())
		assert.Equal(t, "go version go1.24.4", w.version)
		assert.Equal(t, "last", w.last()[len(w.last())-1])
	})
}

func TestVerboseShowsEverythingAndSilenceNothing(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b)
	for _, w := range []*watch{p.follow("x", "", false), p.follow("y", "", true)} {
		fmt.Fprint(w, "STEP 1/2: RUN "+w.name+"\nmore\n")
		require.NoError(t, w.Close())
	}
	assert.Equal(t, "STEP 1/2: RUN y\nmore\n", b.String())
}

func TestOnlyTheEndIsRemembered(t *testing.T) {
	w := newProgress(nil).follow("x", "building", false)
	defer w.Close()
	for i := range 100 {
		fmt.Fprintf(w, "line %d\r\n", i)
	}
	assert.Len(t, w.last(), tailLines)
	assert.Equal(t, "line 99", w.last()[tailLines-1])
}

func TestReadStep(t *testing.T) {
	for line, want := range map[string]string{
		"STEP 2/3: RUN install-packages  python3": "RUN install-packages python3",
		"STEP 2/3: COPY a b":                      "COPY a b",
		"COMMIT localhost/paddock/go":             "storing the image",
		"STEP 1/3: FROM x":                        "",
		"STEP 3/3: LABEL a=b":                     "",
		"STEP 3/3: " + askVersion([]string{"x"}):  "",
		"RUN x":                                   "",
	} {
		got, ok := readStep(line)
		assert.Equal(t, want, got, line)
		assert.Equal(t, want != "", ok, line)
	}
	long, _ := readStep("STEP 1/1: RUN " + strings.Repeat("é", 100))
	assert.LessOrEqual(t, len(long), stepWidth)
	assert.Regexp(t, `^RUN é+\.{3}$`, long)
}

func TestLock(t *testing.T) {
	dir := t.TempDir()
	unlock, err := lock(t.Context(), dir, nil)
	require.NoError(t, err)

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	waits := 0
	_, err = lock(ctx, dir, func() { waits++ })
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, 1, waits)

	unlock()
	unlock, err = lock(t.Context(), dir, func() { t.Error("nobody has it") })
	require.NoError(t, err)
	unlock()
	_, err = lock(t.Context(), dir+"/gone", nil)
	require.ErrorContains(t, err, "lock the images")
}
