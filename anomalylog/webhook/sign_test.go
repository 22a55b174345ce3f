package webhook

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestVerify(t *testing.T) {
	now := time.Unix(1_700_000_000, 0)
	body := []byte(`{"a":1}`)
	// printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac sesame
	const header = "t=1700000000,v1=961ee441db69fca5ccc174d9488a77f3c0397cd3ce633bd80dbc6e3320242468"
	assert.Equal(t, header, sign("sesame", body, now))
	require.NoError(t, Verify("sesame", header, body, now.Add(5*time.Minute), 5*time.Minute))
	require.NoError(t, Verify("sesame", header, body, now.Add(-5*time.Minute), 5*time.Minute))
	for name, err := range map[string]error{
		"another secret": Verify("other", header, body, now, time.Minute),
		"another body":   Verify("sesame", header, append(body, ' '), now, time.Minute),
		"too old":        Verify("sesame", header, body, now.Add(61*time.Second), time.Minute),
		"too new":        Verify("sesame", header, body, now.Add(-61*time.Second), time.Minute),
		"another time":   Verify("sesame", strings.Replace(header, "1700000000", "1700000001", 1), body, now, time.Minute),
		"no header":      Verify("sesame", "", body, now, time.Minute),
		"no mac":         Verify("sesame", "t=1700000000", body, now, time.Minute),
		"an empty mac":   Verify("sesame", "t=1700000000,v1=", body, now, time.Minute),
		"no time":        Verify("sesame", strings.Replace(header, "1700000000", "", 1), body, now, time.Minute),
		"no number":      Verify("sesame", strings.Replace(header, "1700000000", "1e9", 1), body, now, time.Minute),
		"far away":       Verify("sesame", sign("sesame", body, time.Unix(1<<62, 0)), body, now, time.Minute),
		"long ago":       Verify("sesame", sign("sesame", body, time.Unix(-1<<62, 0)), body, now, time.Minute),
	} {
		assert.ErrorIs(t, err, ErrSignature, name)
	}
}
