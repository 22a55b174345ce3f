package monitor

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestParsePressure(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       pressure
		err        string
	}{
		{name: "both lines", text: "some avg10=12.34 avg60=0 avg300=0 total=1\nfull avg10=1.20 avg60=0 avg300=0 total=1\n", want: pressure{12.34, 1.2}},
		{name: "one line", text: "some avg10=12.34 avg60=0 avg300=0 total=1\n", want: pressure{12.34, 0}},
		{name: "another order, and more that is new", text: "half avg10=1\nfull total=1 avg10=2.00 new=x\n\nsome avg10=3.00\n", want: pressure{3, 2}},
		{name: "more than all", text: "some avg10=100.01\n", want: pressure{100, 0}},
		{name: "empty", err: "no pressure"},
		{name: "only the second line", text: "full avg10=1.00\n", err: "no pressure"},
		{name: "no value", text: "some avg60=1.00\n", err: "avg10"},
		{name: "an empty value", text: "some avg10=\n", err: "avg10"},
		{name: "below nothing", text: "some avg10=-1\n", err: "avg10"},
		{name: "not a number", text: "some avg10=NaN\n", err: "avg10"},
		{name: "no end", text: "some avg10=+Inf\n", err: "avg10"},
		{name: "the second line is broken", text: "some avg10=1.00\nfull\n", err: "avg10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := parsePressure(c.text)
			assert.Equal(t, c.want, got)
			if c.err == "" {
				require.NoError(t, err)
			} else {
				assert.ErrorContains(t, err, c.err)
			}
		})
	}
}

func FuzzParsePressure(f *testing.F) {
	f.Add(atRest["proc/pressure/cpu"])
	f.Add("some avg10=1e308 avg60=0\nfull avg10=0x1p-2\n")
	f.Add("full\n\x00some avg10=1_0 avg10=7\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := parsePressure(text)
		if err != nil {
			assert.Zero(t, p)
			return
		}
		for _, n := range []float64{p.some, p.full} {
			assert.True(t, n >= 0 && n <= 100, "%v is no percentage", n)
		}
		again, err := parsePressure(fmt.Sprintf("some avg10=%v\nfull avg10=%v\n", p.some, p.full))
		require.NoError(t, err)
		assert.Equal(t, p, again)
	})
}
