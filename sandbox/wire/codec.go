package wire

import (
	"encoding/binary"
	"fmt"
	"math"
)

func appendUint(b []byte, v uint64) []byte { return binary.AppendUvarint(b, v) }

func appendString[T string | []byte](b []byte, s T) []byte {
	return append(appendUint(b, uint64(len(s))), s...)
}

func appendStrings(b []byte, list []string) []byte {
	b = appendUint(b, uint64(len(list)))
	for _, s := range list {
		b = appendString(b, s)
	}
	return b
}

// decoder reads a body front to back. The first thing that does not fit makes everything after it zero, so that callers
// check once, at the end. It never allocates more than a small multiple of the body's own size. A message has one encoding
// only: what is read here, written again, is the same bytes.
type decoder struct {
	rest []byte
	why  string
}

func (d *decoder) fail(why string) {
	if d.why == "" {
		d.why = why
	}
	d.rest = nil
}

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.rest)
	if n <= 0 {
		d.fail("a number is cut off or too large")
		return 0
	}
	if n > 1 && d.rest[n-1] == 0 {
		d.fail("a number is longer than it need be")
		return 0
	}
	d.rest = d.rest[n:]
	return v
}

// small reads a number that fits an int32.
func (d *decoder) small() int {
	v := d.uint()
	if v > math.MaxInt32 {
		d.fail("a number is too large")
		return 0
	}
	return int(v)
}

// size reads a number of bytes.
func (d *decoder) size() int64 {
	v := d.uint()
	if v > math.MaxInt64 {
		d.fail("a size is too large")
		return 0
	}
	return int64(v)
}

// count reads how many elements follow. Each takes at least size bytes, so a count above what is left is a lie.
func (d *decoder) count(size int) int {
	n := d.uint()
	if n > uint64(len(d.rest)) || int(n) > len(d.rest)/size { //nolint:gosec // the first half keeps n small
		d.fail("a count or length reaches past the end")
		return 0
	}
	return int(n) //nolint:gosec // as above
}

func (d *decoder) bytes() []byte {
	n := d.count(1)
	b := d.rest[:n:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) strings() []string {
	n := d.count(1)
	if n == 0 {
		return nil
	}
	list := make([]string, 0, n)
	for len(list) < n && d.why == "" {
		list = append(list, string(d.bytes()))
	}
	return list
}

func (d *decoder) end(what string) error {
	if d.why == "" && len(d.rest) > 0 {
		d.fail("bytes are left over")
	}
	if d.why != "" {
		return fmt.Errorf("%w: %s: %s", ErrMalformed, what, d.why)
	}
	return nil
}
