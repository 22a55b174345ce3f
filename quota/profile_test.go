package quota_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
)

func fields(errs []quota.FieldError) (names []string) {
	for _, e := range errs {
		names = append(names, e.Field)
	}
	return names
}

func parse(t *testing.T, text string) quota.Profile {
	t.Helper()
	var p quota.Profile
	require.NoError(t, json.Unmarshal([]byte(text), &p))
	return p
}

// The table of issue 5.
func TestDefaultTiers(t *testing.T) {
	tiers := quota.DefaultTiers()
	assert.Empty(t, tiers.Validate())
	assert.Equal(t, quota.Tiers{
		"FREE":       {Concurrent: 2, MemoryMB: 256, CPUPercent: 25, RequestsPerMinute: 20, ServicesPerHour: 5},
		"BASIC":      {Concurrent: 5, MemoryMB: 512, CPUPercent: 50, RequestsPerMinute: 60, ServicesPerHour: 20},
		"PRO":        {Concurrent: 10, MemoryMB: 2048, CPUPercent: 80, RequestsPerMinute: 120, ServicesPerHour: 50},
		"ENTERPRISE": {Concurrent: 50, MemoryMB: 8192, CPUPercent: 100, RequestsPerMinute: 500, ServicesPerHour: 200},
	}, tiers)
}

func TestTiersThatCannotBe(t *testing.T) {
	tiers := quota.DefaultTiers()
	delete(tiers, quota.Pro)
	tiers["GOLD"] = quota.Limits{}
	l := tiers[quota.Free]
	l.MemoryMB, l.AllowedPorts = 0, []int{80, 65536}
	tiers[quota.Free] = l
	assert.Equal(t, []string{"FREE.max_memory_mb", "FREE.allowed_ports[1]", "PRO", "GOLD"}, fields(tiers.Validate()))
}

func TestProfilesThatCannotBe(t *testing.T) {
	for text, want := range map[string][]string{
		`{}`:               nil,
		`{"tier":"BASIC"}`: nil,
		`{"tier":"basic"}`: {"tier"},
		`{"max_concurrent_services":0,"max_memory_mb":-1,"max_cpu_percent":100001}`: {
			"max_concurrent_services", "max_memory_mb", "max_cpu_percent"},
		`{"max_requests_per_minute":9223372036854775807,"max_services_per_hour":0}`: {"max_requests_per_minute", "max_services_per_hour"},
		`{"allowed_ports":[8080,0,65535,65536]}`:                                    {"allowed_ports[1]", "allowed_ports[3]"},
	} {
		assert.Equal(t, want, fields(parse(t, text).Validate()), text)
	}
	assert.Equal(t, []string{"allowed_ports"}, fields(quota.Profile{AllowedPorts: make([]int, 1001)}.Validate()))
	assert.Equal(t, []string{"blocked_reason"}, fields(quota.Profile{BlockedReason: string(make([]byte, 501))}.Validate()))
}

func TestAProfileIsItsTierWithOwnValuesOverIt(t *testing.T) {
	tiers := quota.DefaultTiers()
	assert.Equal(t, quota.Terms{Tier: quota.Free, Limits: tiers[quota.Free]}, tiers.Terms(quota.Profile{}))
	got := tiers.Terms(parse(t, `{"tier":"PRO","max_memory_mb":64,"allowed_ports":[8080],"is_blocked":true,"blocked_reason":"unpaid"}`))
	want := quota.Terms{Tier: quota.Pro, Limits: tiers[quota.Pro], Blocked: true, BlockedReason: "unpaid"}
	want.Limits.MemoryMB, want.Limits.AllowedPorts = 64, []int{8080}
	assert.Equal(t, want, got)
	assert.Equal(t, quota.DefaultTiers(), tiers, "a tier never changes")
}

func TestAProfileOverAnother(t *testing.T) {
	stored := parse(t, `{"tier":"BASIC","max_memory_mb":64,"max_concurrent_services":3,"is_blocked":true,"blocked_reason":"unpaid"}`)
	request := parse(t, `{"tier":"PRO","max_memory_mb":128,"allowed_ports":[1],"blocked_reason":"none"}`)
	assert.Equal(t, parse(t, `{"tier":"PRO","max_memory_mb":128,"max_concurrent_services":3,"allowed_ports":[1],
		"is_blocked":true,"blocked_reason":"unpaid"}`), request.Over(stored), "no request lifts a block")
	assert.Equal(t, stored, quota.Profile{}.Over(stored))
	blocked := parse(t, `{"is_blocked":true,"blocked_reason":"now"}`)
	assert.Equal(t, blocked, blocked.Over(quota.Profile{}))
}

func TestNeverAboveWhatACallerMayGrant(t *testing.T) {
	tiers := quota.DefaultTiers()
	basic := tiers.Terms(quota.Profile{Tier: quota.Basic})
	assert.Equal(t, basic, tiers.Terms(quota.Profile{Tier: quota.Enterprise}).Within(basic))
	assert.Equal(t, tiers.Terms(quota.Profile{}), tiers.Terms(quota.Profile{}).Within(basic), "below stays below")
	more := tiers.Terms(parse(t, `{"max_memory_mb":100000,"max_cpu_percent":10,"is_blocked":true}`)).Within(basic)
	assert.Equal(t, int64(512), more.Limits.MemoryMB)
	assert.Equal(t, int64(10), more.Limits.CPUPercent)
	assert.Equal(t, quota.Free, more.Tier)
	assert.True(t, more.Blocked)

	ports := func(own, ceiling []int) quota.Limits {
		return quota.Limits{AllowedPorts: own}.Within(quota.Limits{AllowedPorts: ceiling})
	}
	assert.True(t, ports(nil, nil).Allows(22))
	assert.False(t, ports(nil, []int{80}).Allows(22))
	assert.True(t, ports(nil, []int{80}).Allows(80))
	assert.True(t, ports([]int{80, 81}, []int{81, 82}).Allows(81))
	for _, p := range []int{80, 82, 22} {
		assert.False(t, ports([]int{80, 81}, []int{81, 82}).Allows(p))
	}
	none := ports([]int{80}, []int{82})
	assert.False(t, none.Allows(80), "a list that has become empty allows none")
	assert.False(t, none.Allows(82))
	assert.True(t, none.Allows(0), "no port is no port")
}
