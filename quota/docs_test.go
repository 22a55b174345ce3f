package quota_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/quota"
)

// table is the table of a document that begins with a line.
func table(t *testing.T, head string) string {
	t.Helper()
	text, err := os.ReadFile("../docs/quotas.md")
	require.NoError(t, err)
	_, after, found := strings.Cut(string(text), "\n"+head+"\n")
	require.True(t, found, "the document has no table %q", head)
	body, _, _ := strings.Cut(after, "\n\n")
	return head + "\n" + body + "\n"
}

// What the document says of one bucket is what the code does.
func TestTheBucketThatIsWalkedThrough(t *testing.T) {
	d := newDesk(t)
	r := d.of(quota.Free)
	began := d.clock.Now()
	var b strings.Builder
	b.WriteString("| at | costs | answer | left | reset | retry |\n|---|---|---|---|---|---|\n")
	for _, step := range []struct {
		at   time.Duration
		cost int64
	}{
		{0, 1}, {0, 1}, {0, 5}, {0, 4}, {0, 1}, {0, 1}, {0, 1}, {0, 1},
		{1500 * time.Millisecond, 1}, {3 * time.Second, 1}, {3 * time.Second, 1},
		{12 * time.Second, 2}, {12 * time.Second, 2}, {15 * time.Second, 2},
		{60 * time.Second, 1}, {60 * time.Second, 10}, {63 * time.Second, 10}, {63 * time.Second, 11},
	} {
		d.clock.Advance(step.at - d.clock.Now().Sub(began))
		r.Cost = step.cost
		got := d.rate(r)
		h := quota.Headers(got)
		answer, retry := "allowed", ""
		if !got.Allowed {
			answer = got.Reason
		}
		if after := h["Retry-After"]; after != "" {
			retry = after + " "
		}
		fmt.Fprintf(&b, "| %g s | %d | %s | %s | %s | %s|\n",
			step.at.Seconds(), step.cost, answer, h["X-RateLimit-Remaining"], h["X-RateLimit-Reset"], retry)
	}
	assert.Equal(t, b.String(), table(t, "| at | costs | answer | left | reset | retry |"))
}

func TestTheTiersThatAreWrittenDown(t *testing.T) {
	head := "| tier | max_concurrent_services | max_memory_mb | max_cpu_percent | max_requests_per_minute | max_services_per_hour |"
	var want strings.Builder
	want.WriteString(head + "\n|---|---|---|---|---|---|\n")
	for _, tier := range []quota.Tier{quota.Free, quota.Basic, quota.Pro, quota.Enterprise} {
		l := quota.DefaultTiers()[tier]
		fmt.Fprintf(&want, "| %s | %d | %d | %d | %d | %d |\n",
			tier, l.Concurrent, l.MemoryMB, l.CPUPercent, l.RequestsPerMinute, l.ServicesPerHour)
	}
	assert.Equal(t, want.String(), table(t, head))
}

func TestTheSignalsThatAreWrittenDown(t *testing.T) {
	written := table(t, "| signal | weight | when |")
	for kind, sign := range quota.DefaultSignals() {
		assert.Contains(t, written, fmt.Sprintf("| %s | %.2f |", kind, sign.Weight))
	}
}
