package anomalylog

import (
	"encoding/json"
	"fmt"
	"iter"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// countsByJQ is the summary as another program makes it of the same lines.
const countsByJQ = `
def top(name): map(select(. != null and . != "")) | group_by(.) | map({key: .[0], count: length}) | sort_by([-.count, .key]) | .[:10]
	| map({(name): .key, count});
def counts: group_by(.) | map({key: .[0], value: length}) | from_entries;
map(. + {at: (.timestamp | sub("\\.[0-9]+Z$"; "Z") | fromdate)}) | map(select(.timestamp >= $since and .timestamp < $until))
| . as $events
| {
	total_count: length, by_type: (map(.type) | counts), by_severity: (map(.severity) | counts),
	by_hour: [range(($since | sub("\\.[0-9]+Z$"; "Z") | fromdate / 3600 | floor); ($until | sub("\\.[0-9]+Z$"; "Z") | fromdate / 3600 | ceil))
		| . as $hour | {hour: ($hour * 3600 | todate), count: ($events | map(select(.at / 3600 | floor == $hour)) | length)}],
	top_users: (map(.user_id) | top("user_id")), top_addresses: (map(.ip) | top("ip")),
}`

func TestSummaryIsWhatJQCounts(t *testing.T) {
	l := open(t, Options{})
	l.ring.size = 100
	now := time.Now().Truncate(time.Millisecond)
	types := []Type{CodeBlocked, Quarantined, ExecutionTimeout, AdminAction}
	for i := range 2000 {
		l.Record(Event{
			Type: types[i*i%7%4], UserID: []string{"", "u" + strconv.Itoa(i*i%23)}[min(1, i%5)], IP: fmt.Sprintf("192.0.2.%d", i*i*i%31),
			Time: now.Add(-time.Duration(2000-i) * 90 * time.Second), // two days
		})
		if i%700 == 699 {
			require.NoError(t, l.Flush(t.Context()))
			l.rotate(t)
		}
	}
	require.NoError(t, l.Flush(t.Context()))
	since, until := now.Add(-30*time.Hour), now.Add(-time.Hour)
	args := append([]string{
		"--slurp", "--compact-output", "--arg", "since", since.UTC().Format("2006-01-02T15:04:05.000Z"),
		"--arg", "until", until.UTC().Format("2006-01-02T15:04:05.000Z"), countsByJQ,
	}, filesOf(t, l.o.Path)...)
	want, err := exec.Command("jq", args...).Output()
	require.NoError(t, err)
	for _, r := range []interface {
		Summary(t time.Time, u time.Time) (Summary, error)
	}{summaryOf(func(s, u time.Time) (Summary, error) { return l.Summary(t.Context(), s, u) }), summaryOf(func(s, u time.Time) (Summary, error) {
		return (&Reader{path: l.o.Path}).Summary(t.Context(), s, u)
	})} {
		s, err := r.Summary(since, until)
		require.NoError(t, err)
		assert.Positive(t, s.Total)
		got, err := json.Marshal(s)
		require.NoError(t, err)
		assert.JSONEq(t, string(want), string(got))
	}
	require.NoError(t, l.Close())
}

type summaryOf func(since, until time.Time) (Summary, error)

func (f summaryOf) Summary(since, until time.Time) (Summary, error) { return f(since, until) }

func TestSummaryOfNothing(t *testing.T) {
	l := open(t, Options{})
	since := time.Date(2026, 11, 21, 15, 4, 5, 0, time.UTC)
	s, err := l.Summary(t.Context(), since, since.Add(time.Hour))
	require.NoError(t, err)
	text, err := json.Marshal(s)
	require.NoError(t, err)
	assert.JSONEq(t, `{"total_count":0,"by_type":{},"by_severity":{},"top_users":[],"top_addresses":[],
		"by_hour":[{"hour":"2026-11-21T15:00:00Z","count":0},{"hour":"2026-11-21T16:00:00Z","count":0}]}`, string(text))
	for _, until := range []time.Time{since, since.Add(-time.Hour), since.Add(MaxSummary + 1)} {
		_, err = l.Summary(t.Context(), since, until)
		require.Error(t, err)
	}
	require.NoError(t, l.Close())
}

// Millions of users take no more memory than some thousand, and those who matter are counted exactly.
func TestSummaryOfManyUsers(t *testing.T) {
	now := time.Now()
	passes := 0
	many := func() iter.Seq2[Entry, error] {
		passes++
		return func(yield func(Entry, error) bool) {
			for i := range 300_000 {
				user := "once-" + strconv.Itoa(i)
				if i%100 < 12 {
					user = "often-" + strings.Repeat("x", i%100)
				}
				if i%1000 == 7 {
					user = "often-xx"
				}
				if !yield(Entry{Time: now, Type: CodeBlocked, Severity: Medium, UserID: user, IP: "192.0.2.1"}, nil) {
					return
				}
			}
		}
	}
	s, err := summarize(many, now.Add(-time.Hour), now.Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, 2, passes)
	assert.Equal(t, int64(300_000), s.Total)
	assert.Equal(t, []AddressCount{{"192.0.2.1", 300_000}}, s.TopAddresses)
	want := []UserCount{{"often-xx", 3300}}
	for _, n := range []int{0, 1, 3, 4, 5, 6, 8, 9, 10} {
		want = append(want, UserCount{"often-" + strings.Repeat("x", n), 3000})
	}
	assert.Equal(t, want, s.TopUsers)

	top := newTop()
	for i := range 3 * topKept {
		top.add(strconv.Itoa(i))
		assert.LessOrEqual(t, len(top.counts), topKept)
	}
}

// Of more users than are counted at a time, only those are named that nobody can have more than.
func TestNobodyIsNamedByChance(t *testing.T) {
	now := time.Now()
	many := func() iter.Seq2[Entry, error] {
		return func(yield func(Entry, error) bool) {
			for i := range 3 * topKept {
				user := strconv.Itoa(i / 2) // two for each
				if i%1000 == 999 {
					user = "often"
				}
				if !yield(Entry{Time: now, Type: CodeBlocked, Severity: Medium, UserID: user}, nil) {
					return
				}
			}
		}
	}
	s, err := summarize(many, now.Add(-time.Hour), now.Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, []UserCount{{"often", 30}}, s.TopUsers)
}
