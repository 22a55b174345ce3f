package wire_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"paddock/sandbox/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// execs are messages of every shape there is.
var execs = map[string]wire.Exec{
	"smallest":      {Seq: 1, Argv: []string{"true"}},
	"empty strings": {Seq: 2, Argv: []string{"", ""}, Env: []string{""}, Files: []wire.File{{Path: "", Data: []byte{}}}},
	"all": {
		Seq: math.MaxUint64, Argv: []string{"python3", "main.py", "ünï", "a b\n"}, Env: []string{"PATH=/usr/bin", "EMPTY="},
		Files: []wire.File{{Path: "main.py", Data: []byte("print(1)\n")}, {Path: "a/b/c", Data: []byte{0, 0xff, 0x80}}, {Path: "empty", Data: []byte{}}},
	},
	"binary strings": {Seq: 3, Argv: []string{"\x00\xff", "\xc3"}, Env: []string{"A=\xf0\x9f"}},
	"larger than a frame": {
		Seq: 4, Argv: []string{"cat"}, Files: []wire.File{{Path: "big", Data: bytes.Repeat([]byte{7}, 1<<20)}},
	},
}

func TestExecRoundTrip(t *testing.T) {
	for name, m := range execs {
		t.Run(name, func(t *testing.T) {
			got, err := wire.ParseExec(m.Append(nil))
			require.NoError(t, err)
			assert.Equal(t, m, got)
		})
	}
}

func TestSignalRoundTrip(t *testing.T) {
	for _, m := range []wire.Signal{{}, {Seq: 1, Signal: 9}, {Seq: math.MaxUint64, Signal: math.MaxInt32}} {
		got, err := wire.ParseSignal(m.Append(nil))
		require.NoError(t, err)
		assert.Equal(t, m, got)
	}
}

func TestExitRoundTrip(t *testing.T) {
	for _, m := range []wire.Exit{
		{}, {Seq: 1, Status: 255}, {Seq: 2, Signal: 11}, {Seq: 3, Failure: "start x: no such file"}, {Seq: 4, MaxRSS: math.MaxInt64},
	} {
		got, err := wire.ParseExit(m.Append(nil))
		require.NoError(t, err)
		assert.Equal(t, m, got)
	}
}

func TestResetAndCleanRoundTrip(t *testing.T) {
	reset, err := wire.ParseReset(wire.Reset{Seq: math.MaxUint64}.Append(nil))
	require.NoError(t, err)
	assert.Equal(t, wire.Reset{Seq: math.MaxUint64}, reset)
	for _, m := range []wire.Clean{{}, {Seq: 1}, {Seq: math.MaxUint64, Found: "a process"}} {
		got, err := wire.ParseClean(m.Append(nil))
		require.NoError(t, err)
		assert.Equal(t, m, got)
	}
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	head := []byte("head")
	assert.Equal(t, "head", string(wire.Signal{Seq: 1, Signal: 9}.Append(head)[:4]))
	assert.Equal(t, "head", string(wire.Exit{Seq: 1}.Append(head)[:4]))
	m := execs["all"]
	assert.Equal(t, "head", string(m.Append(head)[:4]))
}

func TestFrameRoundTrip(t *testing.T) {
	for name, body := range map[string][]byte{
		"empty":         {},
		"small":         []byte("body"),
		"the largest":   bytes.Repeat([]byte{1}, wire.MaxBody),
		"one too large": bytes.Repeat([]byte{1}, wire.MaxBody+1),
	} {
		t.Run(name, func(t *testing.T) {
			frame, spilled := wire.Frame(wire.KindExec, body)
			assert.LessOrEqual(t, len(frame), wire.MaxFrame)
			assert.Equal(t, len(body) > wire.MaxBody, spilled)
			kind, got, gotSpilled, err := wire.ParseFrame(frame)
			require.NoError(t, err)
			assert.Equal(t, wire.KindExec, kind)
			assert.Equal(t, spilled, gotSpilled)
			if spilled {
				assert.Empty(t, got)
			} else {
				assert.Equal(t, body, got)
			}
		})
	}
}

func TestMalformedFrames(t *testing.T) {
	for name, frame := range map[string][]byte{
		"nothing":                  {},
		"no kind":                  {wire.Version},
		"no flags":                 {wire.Version, 1},
		"version 0":                {0, 1, 0},
		"a later version":          {wire.Version + 1, 1, 0},
		"an unknown flag":          {wire.Version, 1, 2},
		"spilled, and with a body": {wire.Version, 2, 1, 'x'},
	} {
		t.Run(name, func(t *testing.T) {
			_, body, _, err := wire.ParseFrame(frame)
			require.ErrorIs(t, err, wire.ErrMalformed)
			assert.Nil(t, body)
		})
	}
}

func uvarints(list ...uint64) []byte {
	var b []byte
	for _, v := range list {
		b = binary.AppendUvarint(b, v)
	}
	return b
}

// long is 1 in two bytes, where one is enough.
var long = []byte{0x81, 0x00}

func TestMalformedExecs(t *testing.T) {
	for name, c := range map[string]struct {
		body []byte
		why  string
	}{
		"nothing":                      {nil, "a number is cut off"},
		"a number cut off":             {[]byte{0x80}, "a number is cut off"},
		"a number of eleven bytes":     {bytes.Repeat([]byte{0xff}, 11), "a number is cut off or too large"},
		"a number in two encodings":    {append(bytes.Clone(long), uvarints(1, 1, 'x', 0, 0)...), "longer than it need be"},
		"only a number":                {uvarints(1), "a number is cut off"},
		"no argv":                      {uvarints(1, 0, 0, 0), "no argv"},
		"more arguments than bytes":    {uvarints(1, 1<<40), "reaches past the end"},
		"the most arguments there are": {uvarints(1, math.MaxUint64), "reaches past the end"},
		"an argument past the end":     {uvarints(1, 1, 5, 'a'), "reaches past the end"},
		"a length of 2^63":             {uvarints(1, 1, 1<<63), "reaches past the end"},
		"no environment":               {uvarints(1, 1, 1, 'a'), "a number is cut off"},
		"no files":                     {uvarints(1, 1, 1, 'a', 0), "a number is cut off"},
		"more files than fit":          {uvarints(1, 1, 1, 'a', 0, 2, 0, 0, 0), "reaches past the end"},
		"a file without contents":      {uvarints(1, 1, 1, 'a', 0, 1, 1, 'f'), "a number is cut off"},
		"a file cut off":               {uvarints(1, 1, 1, 'a', 0, 1, 1, 'f', 9, 'x'), "reaches past the end"},
		"bytes left over":              {append(uvarints(1, 1, 1, 'a', 0, 0), 'x'), "bytes are left over"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := wire.ParseExec(c.body)
			require.ErrorIs(t, err, wire.ErrMalformed)
			assert.ErrorContains(t, err, "exec: ")
			assert.ErrorContains(t, err, c.why)
		})
	}
}

func TestMalformedSignalsAndExits(t *testing.T) {
	for name, body := range map[string][]byte{
		"nothing":         nil,
		"only a number":   uvarints(1),
		"above an int32":  uvarints(1, math.MaxInt32+1, 0, 0),
		"2^64-1":          uvarints(1, math.MaxUint64, 0, 0),
		"bytes left over": append(uvarints(1, 1, 1, 0), 'x'),
		"two encodings":   append(uvarints(1), long...),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := wire.ParseSignal(body)
			require.ErrorIs(t, err, wire.ErrMalformed)
			_, err = wire.ParseExit(body)
			assert.ErrorIs(t, err, wire.ErrMalformed)
		})
	}
	_, err := wire.ParseExit(append(uvarints(1, 0, 0, 0, 3), "ab"...))
	assert.ErrorIs(t, err, wire.ErrMalformed, "a failure that is cut off")
	_, err = wire.ParseExit(uvarints(1, 0, 0, math.MaxInt64+1, 0))
	assert.ErrorIs(t, err, wire.ErrMalformed, "a size above an int64")
	_, err = wire.ParseReset(nil)
	assert.ErrorIs(t, err, wire.ErrMalformed)
	_, err = wire.ParseClean(append(uvarints(1, 3), "ab"...))
	assert.ErrorIs(t, err, wire.ErrMalformed)
}

// checkParse holds for every body: what parses is written again as the same bytes, what does not is ErrMalformed.
func checkParse(t *testing.T, body []byte, parse func([]byte) (again []byte, err error)) {
	t.Helper()
	again, err := parse(body)
	if err != nil {
		require.ErrorIs(t, err, wire.ErrMalformed)
	} else {
		require.Equal(t, body, again)
	}
}

func FuzzParseFrame(f *testing.F) {
	for _, body := range [][]byte{nil, []byte("x"), make([]byte, wire.MaxBody+1)} {
		frame, _ := wire.Frame(wire.KindHello, body)
		f.Add(frame)
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		checkParse(t, frame, func([]byte) ([]byte, error) {
			kind, body, spilled, err := wire.ParseFrame(frame)
			if err != nil {
				require.Nil(t, body)
				return nil, err
			}
			if spilled {
				body = make([]byte, wire.MaxBody+1)
			} else if len(body) > wire.MaxBody {
				return frame, nil // no socket buffer of ours holds one
			}
			again, _ := wire.Frame(kind, body)
			return again, nil
		})
	})
}

func FuzzParseExec(f *testing.F) {
	for _, m := range execs {
		if body := m.Append(nil); len(body) <= wire.MaxBody {
			f.Add(body)
		}
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		checkParse(t, body, func([]byte) ([]byte, error) {
			m, err := wire.ParseExec(body)
			// A string's header takes 16 bytes for a body's 1 and a file's 40 for 2, made room for once.
			require.LessOrEqual(t, cap(m.Argv)+cap(m.Env), 2*len(body))
			require.LessOrEqual(t, 2*cap(m.Files), len(body))
			return m.Append([]byte{}), err
		})
	})
}

func FuzzParseSignal(f *testing.F) {
	f.Add(wire.Signal{Seq: 1, Signal: 15}.Append(nil))
	f.Fuzz(func(t *testing.T, body []byte) {
		checkParse(t, body, func([]byte) ([]byte, error) {
			m, err := wire.ParseSignal(body)
			return m.Append([]byte{}), err
		})
	})
}

func FuzzParseExit(f *testing.F) {
	f.Add(wire.Exit{Seq: 1, Status: 3, Signal: 9, MaxRSS: 1 << 20, Failure: "why"}.Append(nil))
	f.Fuzz(func(t *testing.T, body []byte) {
		checkParse(t, body, func([]byte) ([]byte, error) {
			m, err := wire.ParseExit(body)
			return m.Append([]byte{}), err
		})
	})
}

func FuzzParseResetAndClean(f *testing.F) {
	f.Add(wire.Reset{Seq: 7}.Append(nil))
	f.Add(wire.Clean{Seq: 7, Found: "a process"}.Append(nil))
	f.Fuzz(func(t *testing.T, body []byte) {
		checkParse(t, body, func([]byte) ([]byte, error) {
			m, err := wire.ParseReset(body)
			return m.Append([]byte{}), err
		})
		checkParse(t, body, func([]byte) ([]byte, error) {
			m, err := wire.ParseClean(body)
			return m.Append([]byte{}), err
		})
	})
}

// Bodies that claim as much as they can, and hold nothing.
func TestParsingAllocatesInProportion(t *testing.T) {
	const size = 1 << 20
	manyStrings := append(uvarints(1, size-16), make([]byte, size)...)
	manyFiles := append(uvarints(1, 1, 0, 0, size/2-16), make([]byte, size)...)
	lie := append(uvarints(1, size-16, size), make([]byte, size)...)
	for name, body := range map[string][]byte{"strings": manyStrings, "files": manyFiles, "a lie": lie} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, _ = wire.ParseExec(body)
			runtime.ReadMemStats(&after)
			assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(25*size))
		})
	}
}
