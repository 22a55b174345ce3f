package quota

import (
	"cmp"
	"context"
	"math"
	"strings"
	"time"
)

// Kind is what speaks against a subject.
type Kind string

// The kinds of signals.
const (
	RateBurst       Kind = "rate_burst"       // it went on asking when it was refused
	PolicyViolation Kind = "policy_violation" // its code was blocked
	RepetitionSpam  Kind = "repetition_spam"  // the same code again and again
	SessionChurn    Kind = "session_churn"    // the same project started again and again
	SensitiveProbe  Kind = "sensitive_probe"  // it tried what is for admins
)

// Sign is when a kind of event is a signal, and how much of one.
type Sign struct {
	Weight float64       // 0 to 1; 0 turns it off
	After  Window        // only what goes beyond so many of the same in a time; zero for each
	Every  time.Duration // one at most in this time; zero for any number
	Event  string        // the anomaly that goes with it, once a minute; empty for none
	From   int64         // how many of its kind have to count for that; 0 as 1
}

// AbuseOptions configure what signals do. Zero values mean the defaults, of issue 5 where it has one.
type AbuseOptions struct {
	Signals        map[Kind]Sign
	Window         time.Duration // how long a signal counts; 300 s
	SlowFrom       float64       // score from which each request waits; 0.5
	Slow           time.Duration // how long; 5 s
	QuarantineFrom float64       // score from which the next signal keeps its subject out; 0.8
	Quarantine     time.Duration // for how long; 60 s
}

// DefaultSignals weigh as issue 5 says. A burst of refusals is one signal, however many requests were on their way when the first
// was refused; who goes on for a minute is kept out. 20 runs of the same code in a minute are a person at a Run button, and 5
// starts of one project somebody who repairs it.
func DefaultSignals() map[Kind]Sign {
	return map[Kind]Sign{
		RateBurst:       {Weight: 0.15, Every: 10 * time.Second, Event: BurstDetected, From: 3},
		PolicyViolation: {Weight: 0.25},
		RepetitionSpam:  {Weight: 0.10, After: Window{Length: time.Minute, Most: 20}},
		SessionChurn:    {Weight: 0.10, After: Window{Length: time.Minute, Most: 5}, Event: RapidRestart},
		SensitiveProbe:  {Weight: 0.30},
	}
}

func (o *AbuseOptions) fill() {
	o.Signals = over(DefaultSignals(), o.Signals)
	o.Window = cmp.Or(o.Window, 300*time.Second)
	o.SlowFrom = cmp.Or(o.SlowFrom, 0.5)
	o.Slow = cmp.Or(o.Slow, 5*time.Second)
	o.QuarantineFrom = cmp.Or(o.QuarantineFrom, 0.8)
	o.Quarantine = cmp.Or(o.Quarantine, time.Minute)
}

func (o *AbuseOptions) wrong(bad func(wrong bool, format string, args ...any)) {
	for k, s := range o.Signals {
		bad(s.Weight < 0 || s.Weight > 1, "Abuse.Signals: %s: %g is not between 0 and 1", k, s.Weight)
	}
	bad(o.SlowFrom < 0 || o.QuarantineFrom > 1 || o.SlowFrom > o.QuarantineFrom,
		"Abuse: SlowFrom %g and QuarantineFrom %g are not in order between 0 and 1", o.SlowFrom, o.QuarantineFrom)
	bad(o.Window <= 0 || o.Slow < 0 || o.Quarantine <= 0, "Abuse: a time is less than nothing")
}

// thousandths are what stores count in: the sum of eight tenths is 0.8 there.
func thousandths(f float64) int64 { return int64(math.Round(f * Certain)) }

// quarantine is the reason of the block that a score leads to.
const quarantine = "quarantine"

// alertEvery is how often it is told that one subject goes on with what it is refused for.
const alertEvery = time.Minute

// delay is how long a request of a subject waits.
func (o AbuseOptions) delay(k Known) time.Duration {
	if k.Score >= thousandths(o.SlowFrom) {
		return o.Slow
	}
	return 0
}

// Signal tells of something that speaks against a subject: of what, when that can be again and again (a hash of the code, a
// project). Who may do more may do more of the same: what is too often grows with the requests that the terms allow. It returns
// what is to be recorded. A store that fails forgets signals; Steady tells of that.
func (q *Quota) Signal(ctx context.Context, s Subject, terms Terms, kind Kind, what string) []Event {
	sign := q.o.Abuse.Signals[kind]
	sign.After.Most *= max(1, terms.Limits.RequestsPerMinute/q.o.Tiers[Free].RequestsPerMinute)
	name := string(kind) + "\x00" + string(s) + "\x00" + what // ids have no such byte
	if sign.Weight <= 0 || !q.isSignal(ctx, name, sign) {
		return nil
	}
	var events []Event
	known, err := q.o.Store.Signal(ctx, string(s), Signal{Kind: string(kind), Weight: thousandths(sign.Weight), TTL: q.o.Abuse.Window})
	if err != nil {
		return nil
	}
	if n := known.Signals[string(kind)]; sign.Event != "" && n >= sign.From && q.first(ctx, "event:"+name, alertEvery) {
		details := map[string]any{"signals": n}
		if sign.After.Most > 0 {
			details = map[string]any{"what": what, "more_than": sign.After.Most, "within_s": sign.After.Length.Seconds()}
		}
		events = append(events, Event{Type: sign.Event, Subject: s, Details: details})
	}
	if known.Score >= thousandths(q.o.Abuse.QuarantineFrom) && known.Block.For == 0 &&
		q.first(ctx, "quarantine:"+string(s), time.Second) { // several at a time are one
		if q.o.Store.Block(ctx, string(s), quarantine, q.o.Abuse.Quarantine) == nil {
			events = append(events, Event{Type: Quarantined, Subject: s, Details: map[string]any{
				"score": float64(known.Score) / Certain, "signals": known.Signals, "blocked_for_s": q.o.Abuse.Quarantine.Seconds()}})
		}
	}
	return events
}

// isSignal reports whether an event counts: it has been often enough, and not just now.
func (q *Quota) isSignal(ctx context.Context, name string, sign Sign) bool {
	if sign.After.Most > 0 {
		n, err := q.o.Store.Hit(ctx, name, sign.After)
		if err != nil || n <= sign.After.Most {
			return false
		}
	}
	return sign.Every == 0 || q.first(ctx, "signal:"+name, sign.Every)
}

// alert records what a client can bring about as often as it likes: once a minute for each subject.
func (q *Quota) alert(ctx context.Context, d Decision, s Subject, kind string, details map[string]any) Decision {
	if q.first(ctx, "alert:"+kind+":"+string(s), alertEvery) {
		return d.record(s, kind, details)
	}
	return d
}

// first reports whether something is to be said. When the store can't tell, it is: rather twice than not at all.
func (q *Quota) first(ctx context.Context, name string, ttl time.Duration) bool {
	first, err := q.o.Store.First(ctx, name, ttl)
	return err != nil || first
}

// Suspects are those that something is known against, worst first, for admins.
func (q *Quota) Suspects(ctx context.Context, most int) ([]Known, error) {
	return q.o.Store.Suspects(ctx, most)
}

// Known is what is known against one, for admins.
func (q *Quota) Known(ctx context.Context, s Subject) (Known, error) {
	return q.o.Store.Known(ctx, string(s))
}

// Block keeps a subject out for a while, on an admin's word. A user who is to stay out is blocked in its profile.
func (q *Quota) Block(ctx context.Context, s Subject, reason string, ttl time.Duration) error {
	return q.o.Store.Block(ctx, string(s), reason, ttl)
}

// Unblock lets a subject in again before its time is over. Its score stays: the next signal may keep it out again.
func (q *Quota) Unblock(ctx context.Context, s Subject) error {
	return q.o.Store.Block(ctx, string(s), "", 0)
}

func (s Subject) isUser() bool { return strings.HasPrefix(string(s), "user:") }
