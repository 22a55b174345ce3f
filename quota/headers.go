package quota

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Headers are the fields that tell a client of its limits, by name. All come from the same decisions, and agree:
//
//   - RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers-11) name every limit that has spoken: q is what there is
//     of it in w seconds, r what can be had right now, t the seconds in which there will be no more than r.
//   - X-RateLimit-Limit, -Remaining and -Reset say q, r and t of the strictest. Reset is seconds from now, as t is.
//   - Retry-After comes with a refusal, in seconds from now, when there is use in coming back: not before the t of any limit that
//     has nothing left.
//
// All are whole numbers, rounded up where they are times: who comes back then is not too early.
func Headers(decisions ...Decision) map[string]string {
	h := map[string]string{}
	var policies, limits []string
	for _, d := range decisions {
		if d.Policy != "" {
			policies = append(policies, d.policy())
			limits = append(limits, d.available())
		}
	}
	if len(policies) > 0 {
		h["RateLimit-Policy"] = strings.Join(policies, ", ")
		h["RateLimit"] = strings.Join(limits, ", ")
	}
	d := Strictest(decisions...)
	if d.Policy != "" {
		h["X-RateLimit-Limit"] = strconv.FormatInt(d.Limit, 10)
		h["X-RateLimit-Remaining"] = strconv.FormatInt(d.Remaining, 10)
		h["X-RateLimit-Reset"] = strconv.FormatInt(seconds(d.Reset), 10)
	}
	if !d.Allowed && d.RetryAfter > 0 {
		h["Retry-After"] = strconv.FormatInt(seconds(retryAfter(decisions)), 10)
	}
	return h
}

// RetryAfter is in how many seconds every limit that has nothing left has some again; 0 when all have some.
func RetryAfter(decisions ...Decision) int { return int(seconds(retryAfter(decisions))) }

// retryAfter is when every limit that has nothing left has some again.
func retryAfter(decisions []Decision) (after time.Duration) {
	for _, d := range decisions {
		after = max(after, d.RetryAfter)
		if d.Policy != "" && d.Remaining == 0 {
			after = max(after, d.Reset)
		}
	}
	return after
}

// policy is the item of RateLimit-Policy.
func (d Decision) policy() string {
	if d.Window == 0 {
		return fmt.Sprintf("%q;q=%d;qu=\"concurrent-requests\"", d.Policy, d.Limit)
	}
	return fmt.Sprintf("%q;q=%d;w=%d", d.Policy, d.Limit, seconds(d.Window))
}

// available is the item of RateLimit.
func (d Decision) available() string {
	if d.Window == 0 && d.Reset == 0 {
		return fmt.Sprintf("%q;r=%d", d.Policy, d.Remaining)
	}
	return fmt.Sprintf("%q;r=%d;t=%d", d.Policy, d.Remaining, seconds(d.Reset))
}

// Strictest is the decision that speaks when there are several: a refusal before what is allowed; of refusals the one that lasts
// longest, without end first; of limits that still allow, one for requests in a time before one for runs at a time, and then the
// one of which least is left.
func Strictest(decisions ...Decision) Decision {
	if len(decisions) == 0 {
		return Decision{Allowed: true}
	}
	return slices.MinFunc(decisions, func(a, b Decision) int {
		return cmp.Or(
			compareBool(a.Allowed, b.Allowed),
			-cmp.Compare(a.lasts(), b.lasts()),
			compareBool(a.Window == 0, b.Window == 0),
			cmp.Compare(a.Remaining, b.Remaining),
			cmp.Compare(a.Limit, b.Limit),
		)
	})
}

// lasts is for how long a refusal lasts.
func (d Decision) lasts() time.Duration {
	if !d.Allowed && d.RetryAfter == 0 {
		return 1<<63 - 1
	}
	return d.RetryAfter
}

// compareBool has false before true.
func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	default:
		return 1
	}
}
