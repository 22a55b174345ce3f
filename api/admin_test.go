package api

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
	"paddock/quota"
)

func TestAdminsSeeAndUnblock(t *testing.T) {
	q := mustQuota(t, quota.Options{Store: quota.NewMemory(quota.MemoryOptions{})})
	var recorded []anomalylog.Event
	h := NewAdmin(AdminOptions{
		Quota: q, Load: func() any { return map[string]string{"level": "normal"} },
		Record: func(e anomalylog.Event) { recorded = append(recorded, e) },
	})
	assert.JSONEq(t, `{"suspects":[]}`, call(h, http.MethodGet, "/admin/abuse", "").Body.String())
	assert.JSONEq(t, `{"level":"normal"}`, call(h, http.MethodGet, "/admin/load", "").Body.String())

	address := quota.Address(netip.MustParseAddr("2001:db8::1"))
	require.NoError(t, q.Block(t.Context(), address, "flood", time.Hour))
	for range 4 {
		q.Signal(t.Context(), quota.User("mallory"), quota.Terms{}, quota.PolicyViolation, "")
	}
	var got Suspects
	require.NoError(t, json.Unmarshal(call(h, http.MethodGet, "/admin/abuse?limit=5", "").Body.Bytes(), &got))
	require.Len(t, got.Suspects, 2)
	assert.Equal(t, "user:mallory", got.Suspects[0].Subject)
	assert.InDelta(t, 1, got.Suspects[0].Score, 0.01)
	assert.Equal(t, map[string]int64{"policy_violation": 4}, got.Suspects[0].Signals)
	assert.Positive(t, got.Suspects[0].BlockedFor)
	assert.Equal(t, "flood", got.Suspects[1].Reason)

	w := call(h, http.MethodDelete, "/admin/abuse?subject="+got.Suspects[1].Subject, "")
	assert.Equal(t, http.StatusNoContent, w.Code, "%s", w.Body)
	known, err := q.Known(t.Context(), address)
	require.NoError(t, err)
	assert.Zero(t, known.Block.For)
	require.Len(t, recorded, 1)
	assert.Equal(t, anomalylog.AdminAction, recorded[0].Type)
	assert.Equal(t, http.StatusNotFound, call(h, http.MethodDelete, "/admin/abuse?subject=user:ada", "").Code)
	assert.Equal(t, http.StatusUnprocessableEntity, call(h, http.MethodDelete, "/admin/abuse?subject=ada", "").Code)
	assert.Equal(t, http.StatusUnprocessableEntity, call(h, http.MethodGet, "/admin/abuse?limit=0", "").Code)
}
