package quota

import "slices"

// Profile is a tier with one user's own values over it. What is nil, or empty, is the tier's.
type Profile struct {
	Tier              Tier   `json:"tier,omitempty"` // empty is FREE
	Concurrent        *int64 `json:"max_concurrent_services,omitempty"`
	MemoryMB          *int64 `json:"max_memory_mb,omitempty"`   // MiB
	CPUPercent        *int64 `json:"max_cpu_percent,omitempty"` // of one core
	RequestsPerMinute *int64 `json:"max_requests_per_minute,omitempty"`
	ServicesPerHour   *int64 `json:"max_services_per_hour,omitempty"`
	AllowedPorts      []int  `json:"allowed_ports,omitempty"`
	IsBlocked         bool   `json:"is_blocked,omitempty"`
	BlockedReason     string `json:"blocked_reason,omitempty"` // told to the user
}

// UserProfile is a profile, and whose it is.
type UserProfile struct {
	UserID  string
	Profile Profile
}

// maxReason is how long a reason may be, in bytes.
const maxReason = 500

// Validate tells every field that is wrong.
func (p Profile) Validate() []FieldError {
	var errs []FieldError
	if p.Tier != "" && p.Tier.Rank() < 0 {
		errs = append(errs, FieldError{"tier", noTier})
	}
	for _, n := range numbers {
		if v := *n.own(&p); v != nil {
			errs = append(errs, within(n.name, *v, n.most)...)
		}
	}
	errs = append(errs, validPorts("", p.AllowedPorts)...)
	if len(p.BlockedReason) > maxReason {
		errs = append(errs, FieldError{"blocked_reason", "is longer than 500 bytes"})
	}
	return errs
}

// Over is the profile laid over a base: for one request, over what is stored. The base's block stays: no request lifts it.
func (p Profile) Over(base Profile) Profile {
	over := base
	if p.Tier != "" {
		over.Tier = p.Tier
	}
	for _, n := range numbers {
		if v := *n.own(&p); v != nil {
			*n.own(&over) = v
		}
	}
	if len(p.AllowedPorts) > 0 {
		over.AllowedPorts = slices.Clone(p.AllowedPorts)
	}
	if p.IsBlocked && !base.IsBlocked {
		over.IsBlocked, over.BlockedReason = true, p.BlockedReason
	}
	return over
}

// Terms are what a request is judged by: a profile, with every limit filled in.
type Terms struct {
	Tier          Tier
	Limits        Limits
	Blocked       bool
	BlockedReason string
}

// Terms of a profile that Validate had nothing against.
func (t Tiers) Terms(p Profile) Terms {
	tier := p.Tier
	if tier.Rank() < 0 {
		tier = Free
	}
	l := t[tier]
	for _, n := range numbers {
		if v := *n.own(&p); v != nil {
			*n.of(&l) = *v
		}
	}
	if len(p.AllowedPorts) > 0 {
		l.AllowedPorts = p.AllowedPorts
	}
	return Terms{Tier: tier, Limits: l, Blocked: p.IsBlocked, BlockedReason: p.BlockedReason}
}

// Within is the terms, none above what a caller may grant: its own.
func (t Terms) Within(ceiling Terms) Terms {
	if t.Tier.Rank() > ceiling.Tier.Rank() {
		t.Tier = ceiling.Tier
	}
	t.Limits = t.Limits.Within(ceiling.Limits)
	return t
}
