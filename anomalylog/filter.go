package anomalylog

import (
	"errors"
	"fmt"
	"iter"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Filter says which events are wanted: those that have one of each that is named. The zero one wants all.
type Filter struct {
	Types      []Type
	Severities []Severity
	UserID     string
	IP         string
	Since      time.Time // the first moment
	Until      time.Time // the first moment that is too late
}

// Match reports whether an event is wanted.
func (f *Filter) Match(e *Entry) bool {
	return (len(f.Types) == 0 || slices.Contains(f.Types, e.Type)) &&
		(len(f.Severities) == 0 || slices.Contains(f.Severities, e.Severity)) &&
		(f.UserID == "" || f.UserID == e.UserID) && (f.IP == "" || f.IP == e.IP) &&
		!e.Time.Before(f.Since) && (f.Until.IsZero() || e.Time.Before(f.Until))
}

// Lines are in the order in which they were recorded, which is that of their times but for clocks that are set: from so many events
// in a row on that are older than the filter wants by so much, nothing before them is looked for.
const (
	unordered = 10 * time.Minute
	tooMany   = 1000
)

func (f *Filter) tooOld(e *Entry) bool {
	return !f.Since.IsZero() && e.Time.Before(f.Since.Add(-unordered))
}

// within gives events, newest first, as long as there may be some that are wanted.
func (f *Filter) within(newest iter.Seq2[Entry, error]) iter.Seq2[Entry, error] {
	return func(yield func(Entry, error) bool) {
		old := 0
		for e, err := range newest {
			old++
			if err != nil || !f.tooOld(&e) {
				old = 0
			}
			if !yield(e, err) || old == tooMany {
				return
			}
		}
	}
}

// FilterError is a filter that can't be.
type FilterError struct {
	Key    string // of the values
	Reason string
}

func (e *FilterError) Error() string { return e.Key + ": " + e.Reason }

// ParseFilter reads a filter as people write it: type and severity (several with commas), user, ip, since and until, which are
// times as in RFC 3339 or how long ago (2h). Other keys are not looked at. The error holds a FilterError for each that is
// wrong.
func ParseFilter(values url.Values, now time.Time) (f Filter, err error) {
	var errs []error
	check := func(key string, err error) {
		if err != nil {
			errs = append(errs, &FilterError{key, err.Error()})
		}
	}
	f.Types, err = choices(values["type"], strings.ToUpper, slices.Sorted(maps.Keys(Severities)))
	check("type", err)
	f.Severities, err = choices(values["severity"], strings.ToLower, []Severity{Low, Medium, High})
	check("severity", err)
	f.UserID = clean(values.Get("user"), rooms[0].text) // as it is in the lines
	if text := values.Get("ip"); text != "" {
		ip, err := netip.ParseAddr(text)
		if err != nil {
			err = fmt.Errorf("%.50q is no address", text)
		}
		check("ip", err)
		f.IP = ip.Unmap().String()
	}
	f.Since, err = moment(values.Get("since"), now)
	check("since", err)
	f.Until, err = moment(values.Get("until"), now)
	check("until", err)
	if len(errs) == 0 && !f.Until.IsZero() && !f.Since.Before(f.Until) {
		check("since", errors.New("it is not before until"))
	}
	return f, errors.Join(errs...)
}

// choices reads lists of values, each of which is one of those there are.
func choices[T ~string](lists []string, spell func(string) string, all []T) (chosen []T, err error) {
	for text := range strings.SplitSeq(strings.Join(lists, ","), ",") {
		if text = strings.TrimSpace(text); text == "" {
			continue
		}
		if !slices.Contains(all, T(spell(text))) {
			return nil, fmt.Errorf("%.50q is none of %s", text, strings.Trim(fmt.Sprint(all), "[]"))
		}
		chosen = append(chosen, T(spell(text)))
	}
	return chosen, nil
}

func moment(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if ago, err := time.ParseDuration(text); err == nil && ago >= 0 {
		return now.Add(-ago), nil
	}
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%.50q is neither a time (2006-01-02T15:04:05Z) nor how long ago (90m, 24h)", text)
	}
	return t, nil
}

// Values is a filter in the form that ParseFilter reads.
func (f *Filter) Values() url.Values {
	v := url.Values{}
	set := func(key, text string) {
		if text != "" {
			v.Set(key, text)
		}
	}
	set("type", join(f.Types))
	set("severity", join(f.Severities))
	set("user", f.UserID)
	set("ip", f.IP)
	for key, t := range map[string]time.Time{"since": f.Since, "until": f.Until} {
		if !t.IsZero() {
			set(key, t.Format(time.RFC3339Nano))
		}
	}
	return v
}

func join[T ~string](list []T) string {
	texts := make([]string, len(list))
	for i, text := range list {
		texts[i] = string(text)
	}
	return strings.Join(texts, ",")
}
