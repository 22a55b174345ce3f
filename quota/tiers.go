package quota

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Tier is what somebody has been granted, by name.
type Tier string

// The tiers, lowest first.
const (
	Free       Tier = "FREE"
	Basic      Tier = "BASIC"
	Pro        Tier = "PRO"
	Enterprise Tier = "ENTERPRISE"
)

var ranks = []Tier{Free, Basic, Pro, Enterprise}

// Rank is 0 for the lowest tier, and -1 for what is none.
func (t Tier) Rank() int { return slices.Index(ranks, t) }

// Limits are what somebody may use. Every number is at least 1.
type Limits struct {
	Concurrent        int64 `json:"max_concurrent_services"` // runs and services at a time
	MemoryMB          int64 `json:"max_memory_mb"`           // MiB of one cell
	CPUPercent        int64 `json:"max_cpu_percent"`         // of one core
	RequestsPerMinute int64 `json:"max_requests_per_minute"`
	ServicesPerHour   int64 `json:"max_services_per_hour"` // starts
	AllowedPorts      []int `json:"allowed_ports"`         // ports a service may have; empty for any
}

// numbers are the fields that are numbers: their names in JSON, what they may be at most, and where they are. The bounds are far
// above any use: they keep arithmetic from overflowing.
var numbers = []struct {
	name string
	most int64
	of   func(*Limits) *int64
	own  func(*Profile) **int64
}{
	{"max_concurrent_services", 10_000,
		func(l *Limits) *int64 { return &l.Concurrent }, func(p *Profile) **int64 { return &p.Concurrent }},
	{"max_memory_mb", 1 << 20, func(l *Limits) *int64 { return &l.MemoryMB }, func(p *Profile) **int64 { return &p.MemoryMB }},
	{"max_cpu_percent", 100_000, func(l *Limits) *int64 { return &l.CPUPercent }, func(p *Profile) **int64 { return &p.CPUPercent }},
	{"max_requests_per_minute", 100_000,
		func(l *Limits) *int64 { return &l.RequestsPerMinute }, func(p *Profile) **int64 { return &p.RequestsPerMinute }},
	{"max_services_per_hour", 10_000,
		func(l *Limits) *int64 { return &l.ServicesPerHour }, func(p *Profile) **int64 { return &p.ServicesPerHour }},
}

// maxPorts is how many ports a list may have.
const maxPorts = 1000

// Tiers are the limits of each tier.
type Tiers map[Tier]Limits

// DefaultTiers are those of issue 5.
func DefaultTiers() Tiers {
	return Tiers{
		Free:       {Concurrent: 2, MemoryMB: 256, CPUPercent: 25, RequestsPerMinute: 20, ServicesPerHour: 5},
		Basic:      {Concurrent: 5, MemoryMB: 512, CPUPercent: 50, RequestsPerMinute: 60, ServicesPerHour: 20},
		Pro:        {Concurrent: 10, MemoryMB: 2 << 10, CPUPercent: 80, RequestsPerMinute: 120, ServicesPerHour: 50},
		Enterprise: {Concurrent: 50, MemoryMB: 8 << 10, CPUPercent: 100, RequestsPerMinute: 500, ServicesPerHour: 200},
	}
}

// FieldError is what is wrong with one field.
type FieldError struct {
	Field   string // as it stands in JSON: max_memory_mb, allowed_ports[2], FREE.max_memory_mb
	Problem string
}

func (e FieldError) Error() string { return e.Field + ": " + e.Problem }

// Validate tells every field that is wrong. All tiers must be there.
func (t Tiers) Validate() []FieldError {
	var errs []FieldError
	for _, tier := range ranks {
		l, ok := t[tier]
		if !ok {
			errs = append(errs, FieldError{string(tier), "is missing"})
			continue
		}
		for _, n := range numbers {
			errs = append(errs, within(string(tier)+"."+n.name, *n.of(&l), n.most)...)
		}
		errs = append(errs, validPorts(string(tier)+".", l.AllowedPorts)...)
	}
	for _, tier := range slices.Sorted(maps.Keys(t)) {
		if tier.Rank() < 0 {
			errs = append(errs, FieldError{string(tier), noTier})
		}
	}
	return errs
}

var noTier = fmt.Sprintf("is none of %s", strings.Trim(fmt.Sprint(ranks), "[]"))

func within(field string, n, most int64) []FieldError {
	if n < 1 || n > most {
		return []FieldError{{field, fmt.Sprintf("%d is not between 1 and %d", n, most)}}
	}
	return nil
}

func validPorts(prefix string, ports []int) []FieldError {
	if len(ports) > maxPorts {
		return []FieldError{{prefix + "allowed_ports", fmt.Sprintf("has more than %d ports", maxPorts)}}
	}
	var errs []FieldError
	for i, p := range ports {
		errs = append(errs, within(fmt.Sprintf("%sallowed_ports[%d]", prefix, i), int64(p), 65535)...)
	}
	return errs
}

// Within is the limits, none above a ceiling's.
func (l Limits) Within(ceiling Limits) Limits {
	for _, n := range numbers {
		*n.of(&l) = min(*n.of(&l), *n.of(&ceiling))
	}
	if len(ceiling.AllowedPorts) == 0 {
		return l
	}
	if len(l.AllowedPorts) == 0 {
		l.AllowedPorts = ceiling.AllowedPorts
		return l
	}
	both := []int{noPort} // an empty list would be any port
	for _, p := range l.AllowedPorts {
		if slices.Contains(ceiling.AllowedPorts, p) {
			both = append(both, p)
		}
	}
	l.AllowedPorts = both
	return l
}

// noPort stands in a list of ports that may be empty and still allows none.
const noPort = 0

// Allows reports whether a service may have a port; 0 is no port, which everybody may have.
func (l Limits) Allows(port int) bool {
	return port == 0 || len(l.AllowedPorts) == 0 || slices.Contains(l.AllowedPorts, port)
}
