package anomalylog

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"
)

// Summary is how much happened in a time.
type Summary struct {
	Total        int64              `json:"total_count"`
	ByType       map[Type]int64     `json:"by_type"`
	BySeverity   map[Severity]int64 `json:"by_severity"`
	ByHour       []HourCount        `json:"by_hour"` // every hour that the time has a part of, the first one first
	TopUsers     []UserCount        `json:"top_users"`
	TopAddresses []AddressCount     `json:"top_addresses"`
}

// HourCount is how many events an hour had.
type HourCount struct {
	Hour  time.Time `json:"hour"` // its beginning, UTC
	Count int64     `json:"count"`
}

// UserCount is how many events a user had.
type UserCount struct {
	UserID string `json:"user_id"`
	Count  int64  `json:"count"`
}

// AddressCount is how many events an address had.
type AddressCount struct {
	IP    string `json:"ip"`
	Count int64  `json:"count"`
}

// MaxSummary is the longest time that is summed up, a year.
const MaxSummary = 366 * 24 * time.Hour

const (
	topNames = 10     // that are named
	topKept  = 10_000 // that are counted at a time: 3 MB at most
)

// summarize counts what newest gives, which is called again when one pass is not enough.
//
// However many users there are, topKept are counted at a time. When there are no more, all are counted exactly. When there are, the
// first pass finds, by the method of Misra and Gries (1982), names among which are all that had more than one in topKept of the
// events: the least among the counted make room for others. The second one counts these exactly, and only those that had so many
// are named: nobody else can have as many.
func summarize(newest func() iter.Seq2[Entry, error], since, until time.Time) (Summary, error) {
	if !since.Before(until) || until.Sub(since) > MaxSummary {
		return Summary{}, fmt.Errorf("a summary is of more than no time, and of at most %d hours", int(MaxSummary.Hours()))
	}
	s := Summary{ByType: map[Type]int64{}, BySeverity: map[Severity]int64{}, ByHour: []HourCount{}}
	begin := since.UTC().Truncate(time.Hour)
	for hour := begin; hour.Before(until); hour = hour.Add(time.Hour) {
		s.ByHour = append(s.ByHour, HourCount{Hour: hour})
	}
	within := Filter{Since: since, Until: until}
	users, addresses := newTop(), newTop()
	err := each(newest(), within, func(e Entry) {
		s.Total++
		s.ByType[e.Type]++
		s.BySeverity[e.Severity]++
		s.ByHour[e.Time.Sub(begin)/time.Hour].Count++
		users.add(e.UserID)
		addresses.add(e.IP)
	})
	if err == nil && (users.more || addresses.more) {
		users, addresses = users.again(), addresses.again()
		err = each(newest(), within, func(e Entry) { users.add(e.UserID); addresses.add(e.IP) })
	}
	if err != nil {
		return Summary{}, err
	}
	s.TopUsers, s.TopAddresses = []UserCount{}, []AddressCount{}
	for _, name := range users.first() {
		s.TopUsers = append(s.TopUsers, UserCount{name, users.counts[name]})
	}
	for _, name := range addresses.first() {
		s.TopAddresses = append(s.TopAddresses, AddressCount{name, addresses.counts[name]})
	}
	return s, nil
}

func each(newest iter.Seq2[Entry, error], f Filter, do func(Entry)) error {
	for e, err := range f.within(newest) {
		if err != nil {
			return err
		}
		if f.Match(&e) {
			do(e)
		}
	}
	return nil
}

// top counts names. Nobody is not counted.
type top struct {
	counts map[string]int64
	total  int64 // events that had a name, in the first pass
	closed bool  // only the names that are there are counted
	more   bool  // there were more names than are counted at a time
}

func newTop() *top { return &top{counts: map[string]int64{}} }

// again is for another pass, over the names that are left.
func (t *top) again() *top {
	for name := range t.counts {
		t.counts[name] = 0
	}
	return &top{counts: t.counts, total: t.total, closed: true, more: t.more}
}

func (t *top) add(name string) {
	_, known := t.counts[name]
	if name != "" && !t.closed {
		t.total++
	}
	switch {
	case name == "" || (t.closed && !known):
	case known || len(t.counts) < topKept:
		t.counts[name]++
	default:
		t.more = true
		for name := range t.counts {
			t.counts[name]--
			if t.counts[name] == 0 {
				delete(t.counts, name)
			}
		}
	}
}

// first are the names that came most often, equals by name: of more than are counted at a time, those that nobody else can equal.
func (t *top) first() []string {
	names := make([]string, 0, len(t.counts))
	for name, count := range t.counts {
		if !t.more || count > t.total/topKept {
			names = append(names, name)
		}
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(cmp.Compare(t.counts[b], t.counts[a]), strings.Compare(a, b)) })
	return names[:min(topNames, len(names))]
}
