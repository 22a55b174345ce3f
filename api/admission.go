package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"paddock/anomalylog"
	"paddock/monitor"
	"paddock/quota"
	"paddock/runner"
)

// Admission is what requests have to pass, beside what is wrong with them. All but Load is required.
type Admission struct {
	Quota   *quota.Quota
	Profile func(ctx context.Context, user string) (quota.Profile, error) // what is stored of a user; the zero Profile for nobody
	Load    func(ctx context.Context, tier quota.Tier) LoadDecision       // what a busy host does
	Most    quota.Terms                                                   // what a caller may grant a user for one request
	Proxies []netip.Prefix                                                // whose X-Forwarded-For is believed
	Exempt  []netip.Prefix                                                // addresses that are no one client's: backends of ours
}

// LoadDecision is what becomes of a request while the host is as busy as it is.
type LoadDecision struct {
	Delay  time.Duration      // to wait before going on
	Retry  time.Duration      // refused: when to come back; zero when it is not
	Events []anomalylog.Event // to be recorded
}

// applicant is whoever asks, as admission knows them.
type applicant struct {
	subject quota.Subject
	terms   quota.Terms
	known   bool // a user; else an address
}

// applicant finds out who asks for a run. A profile in the request counts for this request: with no credentials, every caller
// may speak for others (design, section 6). A stored block stays.
func (s *server) applicant(ctx context.Context, asked submission) (applicant, error) {
	x := exchangeOf(ctx)
	tiers := s.o.Admission.Quota.Tiers()
	if asked.job.User == "" {
		return applicant{subject: quota.Address(x.address), terms: tiers.Terms(asked.profile).Within(s.o.Admission.Most)}, nil
	}
	stored, err := s.o.Admission.Profile(ctx, asked.job.User)
	if err != nil {
		return applicant{}, fmt.Errorf("read a user's profile: %w", err)
	}
	terms := tiers.Terms(asked.profile.Over(stored)).Within(s.o.Admission.Most)
	return applicant{subject: quota.User(asked.job.User), terms: terms, known: true}, nil
}

// enter lets a request in, before anything is done for it: the gate of its address when it is nobody's in particular, blocks,
// and tokens of its category. It waits out a delay.
func (s *server) enter(ctx context.Context, who applicant, category quota.Category) error {
	defer s.observer.Stage(ctx, StageTokens, time.Now())
	if !who.known {
		if err := s.gate(ctx); err != nil {
			return err
		}
	}
	d := s.o.Admission.Quota.Rate(ctx, quota.Request{Subject: who.subject, Terms: who.terms, Category: category})
	if err := s.decided(ctx, d); err != nil {
		return err
	}
	return monitor.Wait(ctx, d.Delay)
}

// gate is the limiter of addresses. Those of backends, which speak for many, are no one's.
func (s *server) gate(ctx context.Context) error {
	x := exchangeOf(ctx)
	if s.exempt(x.address) {
		return nil
	}
	return s.decided(ctx, s.o.Admission.Quota.Gate(ctx, x.address))
}

// mayRead lets a run be looked at: its user's reads are its user's to pay for, nobody's are their address's.
func (s *server) mayRead(ctx context.Context, r run, found bool) error {
	if !found || r.User() == "" {
		return s.gate(ctx)
	}
	who, err := s.applicant(ctx, submission{job: runner.Job{User: r.User()}})
	if err != nil {
		return err
	}
	return s.enter(ctx, who, quota.Read)
}

// gated is a layer for what is asked by nobody in particular.
func (s *server) gated(c huma.Context, next func(huma.Context)) {
	if err := s.gate(c.Context()); err != nil {
		r, w := humachi.Unwrap(c)
		s.refuse(w, r, err)
		return
	}
	next(c)
}

// admit gives a request the right to run, and what its tier allows, and waits as long as the host's load asks for. The lease is the
// caller's to give back.
func (s *server) admit(ctx context.Context, who applicant, asked *submission) (*quota.Lease, error) {
	defer s.observer.Stage(ctx, StageAdmit, time.Now())
	if err := who.limit(&asked.job, s.o.Default); err != nil {
		return nil, err
	}
	d, lease := s.o.Admission.Quota.Admit(ctx, quota.Request{Subject: who.subject, Terms: who.terms})
	if err := s.decided(ctx, d); err != nil {
		return nil, err
	}
	if err := s.load(ctx, who.terms.Tier); err != nil {
		lease.Undo(context.WithoutCancel(ctx))
		s.withdraw(ctx)
		return nil, err
	}
	return lease, nil
}

// load is what the host's load asks of a request.
func (s *server) load(ctx context.Context, tier quota.Tier) error {
	if s.o.Admission.Load == nil {
		return nil
	}
	d := s.o.Admission.Load(ctx, tier)
	for _, e := range d.Events {
		s.o.Record(e)
	}
	if d.Retry > 0 {
		p := newProblem(codeOverloaded, "the host is overloaded; runs of the tier "+string(tier)+" have to wait")
		p.after = d.Retry
		return p
	}
	return monitor.Wait(ctx, d.Delay)
}

// limit puts the limits of a tier on a job. More memory than that may not be asked for; less is what a job gets by itself.
func (a applicant) limit(job *runner.Job, byDefault runner.Limits) error {
	most := max(a.terms.Limits.MemoryMB<<20, runner.MinMemory)
	if job.Limits.Memory > most {
		return invalid(codeInvalidRequest, FieldError{
			Location: "body.limits.memory_mb", Message: fmt.Sprintf("at most %d with the tier %s", most>>20, a.terms.Tier),
		})
	}
	if job.Limits.Memory == 0 {
		job.Limits.Memory = min(byDefault.Memory, most)
	}
	job.Limits.CPUPercent = a.terms.Limits.CPUPercent
	return nil
}

// decided keeps a decision for the header fields of the answer, has its events recorded, and returns the refusal, if it is one.
func (s *server) decided(ctx context.Context, d quota.Decision) error {
	x := exchangeOf(ctx)
	x.decisions = append(x.decisions, d)
	s.recordAll(ctx, d.Events)
	if d.Allowed {
		return nil
	}
	return newProblem(d.Code, d.Reason) // its Retry-After comes from the decisions
}

// withdraw takes the last decision back: what it gave has been returned.
func (s *server) withdraw(ctx context.Context) {
	x := exchangeOf(ctx)
	x.decisions = x.decisions[:max(len(x.decisions)-1, 0)]
}

// signal tells quota what speaks against whoever asks.
func (s *server) signal(ctx context.Context, who applicant, kind quota.Kind, what string) {
	s.recordAll(ctx, s.o.Admission.Quota.Signal(ctx, who.subject, who.terms, kind, what))
}

// probed is called for a try at what is for admins. What a page of another site makes a browser send says nothing about its user,
// and what comes from a backend nothing about the backend.
func (s *server) probed(r *http.Request) {
	x := exchangeOf(r.Context())
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" && site != "none" && site != "same-origin" || s.exempt(x.address) {
		return
	}
	s.o.Record(anomalylog.Event{Type: anomalylog.UnauthorizedAccess, IP: x.ip, RequestID: x.id,
		Details: anomalylog.Details{"reason": "admin routes are not on this listener"}})
	s.signal(r.Context(), applicant{subject: quota.Address(x.address)}, quota.SensitiveProbe, "")
}

func (s *server) exempt(a netip.Addr) bool {
	return slices.ContainsFunc(s.o.Admission.Exempt, func(p netip.Prefix) bool { return p.Contains(a) })
}

func (s *server) recordAll(ctx context.Context, events []quota.Event) {
	x := exchangeOf(ctx)
	for _, e := range events {
		user, _ := strings.CutPrefix(string(e.Subject), "user:")
		if user == string(e.Subject) {
			user = ""
		}
		s.o.Record(anomalylog.Event{
			Type: anomalylog.Type(e.Type), UserID: user, Details: anomalylog.Details(e.Details), IP: x.ip, RequestID: x.id,
		})
	}
}

// fingerprint is what the same program, run for the same, has in common with itself.
func fingerprint(j runner.Job) string {
	h := sha256.New()
	part := func(b []byte) { _, _ = fmt.Fprintf(h, "%d\x00%s", len(b), b) } // a hash takes everything
	part([]byte(j.Language))
	part(j.Code)
	for _, f := range j.Files {
		part([]byte(f.Path))
		part(f.Data)
	}
	part(j.Stdin)
	part([]byte(strings.Join(j.Args, "\x00")))
	part([]byte(strings.Join(j.Argv, "\x00")))
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// tell adds what admission has to say to an answer's header, unless it is said already.
func tell(h http.Header, decisions []quota.Decision) {
	for name, value := range quota.Headers(decisions...) {
		if h.Get(name) == "" {
			h.Set(name, value)
		}
	}
	if own, err := strconv.Atoi(h.Get("Retry-After")); err == nil { // it must not be too early for any limit
		h.Set("Retry-After", strconv.Itoa(max(own, quota.RetryAfter(decisions...))))
	}
}
