package api

import (
	"mime"
	"strconv"
	"strings"
)

// format is what a client wants of a run.
type format int

const (
	formatNone format = iota // nothing we have
	formatJSON
	formatStream
)

// preference is how much a client wants a format: first by its quality, then by how exactly it was named.
type preference struct {
	quality float64
	exact   int
}

func (p preference) less(q preference) bool {
	return p.quality < q.quality || (p.quality == q.quality && p.exact < q.exact)
}

// negotiate reads an Accept header. JSON is what a client gets that has no preference.
func negotiate(accept string) format {
	if strings.TrimSpace(accept) == "" {
		return formatJSON
	}
	var plain, stream preference
	for part := range strings.SplitSeq(accept, ",") {
		t, params, err := mime.ParseMediaType(part)
		if err != nil {
			continue
		}
		quality := 1.0
		if q, ok := params["q"]; ok {
			quality, _ = strconv.ParseFloat(q, 64)
		}
		plain.offer(t, jsonType, quality)
		stream.offer(t, streamType, quality)
	}
	switch {
	case plain.quality <= 0 && stream.quality <= 0:
		return formatNone
	case plain.less(stream):
		return formatStream
	}
	return formatJSON
}

// offer takes one part of the header into account; the part that names the format most exactly counts.
func (p *preference) offer(pattern, format string, quality float64) {
	family, _, _ := strings.Cut(format, "/")
	exact := 0
	switch pattern {
	case format:
		exact = 3
	case family + "/*":
		exact = 2
	case "*/*":
		exact = 1
	}
	if exact > 0 && exact >= p.exact {
		*p = preference{quality, exact}
	}
}
