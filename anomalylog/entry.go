package anomalylog

import (
	"bytes"
	"cmp"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf16"

	json "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Position is the place of a line, whatever its file is called by now. Positions are ordered as their lines were written. The zero
// one is before all lines, and its text is empty.
type Position struct {
	Segment int64 // names the file: the Unix time in milliseconds of its first event, or what that event's line says
	Offset  int64 // of the line's first byte in the file
}

// Compare is negative when p is before q, and positive when it is behind.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Segment, q.Segment), cmp.Compare(p.Offset, q.Offset))
}

// String is the form that ParsePosition reads: 1795273445006-4096.
func (p Position) String() string {
	if p == (Position{}) {
		return ""
	}
	return strconv.FormatInt(p.Segment, 10) + "-" + strconv.FormatInt(p.Offset, 10)
}

// ParsePosition reads what String writes, and nothing else.
func ParsePosition(text string) (Position, error) {
	segment, offset, _ := strings.Cut(text, "-")
	var p Position
	p.Segment, _ = strconv.ParseInt(segment, 10, 64) // what is wrong with them shows below
	p.Offset, _ = strconv.ParseInt(offset, 10, 64)
	if p.String() != text || p.Segment < 0 || p.Offset < 0 {
		return Position{}, fmt.Errorf("%.50q is no position", text)
	}
	return p, nil
}

// first and last are the bounds of the positions in a file.
func first(segment int64) Position { return Position{Segment: segment} }
func last(segment int64) Position  { return Position{Segment: segment, Offset: math.MaxInt64} }

// maxSegment is more than any time gives, and can still be counted on from.
const maxSegment = math.MaxInt64 / 2

// Entry is a line that has been read back: what filters go by, and the line itself.
type Entry struct {
	Position Position
	Time     time.Time
	Type     Type
	Severity Severity
	UserID   string
	IP       string
	Line     []byte // the object, without line break, all of it printable; not to be changed
	Missed   bool   // in Follow: lines before this one have been removed before they could be read

	segment int64 // of its file, if it is the first one there
}

// ParseEntry reads a line, and reports whether it is an event. Lines are ours, but somebody may have edited them: what is valid
// JSON and not printable is written as an escape.
func ParseEntry(at Position, line []byte) (Entry, bool) {
	line = bytes.TrimSpace(line)
	var known struct {
		Time     time.Time      `json:"timestamp"`
		Type     Type           `json:"type"`
		UserID   string         `json:"user_id"`
		Details  jsontext.Value `json:"details"`
		Severity Severity       `json:"severity"`
		IP       string         `json:"ip"`
		Segment  int64          `json:"segment"`
	}
	if len(line) > page || json.Unmarshal(line, &known) != nil || known.Details.Kind() != '{' {
		return Entry{}, false
	}
	if _, ok := Severities[known.Type]; !ok || !isSeverity(known.Severity) || known.Time.UnixMilli() <= 0 {
		return Entry{}, false
	}
	segment := known.Time.UnixMilli()
	if known.Segment < maxSegment {
		segment = max(segment, known.Segment)
	}
	return Entry{
		Position: at, Time: known.Time, Type: known.Type, Severity: known.Severity, UserID: known.UserID, IP: known.IP,
		Line: visible(line), segment: segment,
	}, true
}

func isSeverity(s Severity) bool { return s == Low || s == Medium || s == High }

// visible is a copy of a JSON text of which nothing is not printed. Outside of strings that is white space, inside it is no
// character that JSON needs.
func visible(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range string(text) {
		switch {
		case unicode.IsPrint(r):
			out = append(out, string(r)...)
		case r < ' ':
			out = append(out, ' ')
		case r > math.MaxUint16:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}
