package api

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/tmaxmax/go-sse"

	"paddock/anomalylog"
)

// record has events written down, one for each user.
func (d *desk) record(t *testing.T, kind anomalylog.Type, users ...string) {
	t.Helper()
	for _, user := range users {
		d.log.Record(anomalylog.Event{Type: kind, UserID: user, IP: "192.0.2.1", Details: anomalylog.Details{"text": "a\n<b>"}})
	}
	require.NoError(t, d.log.Flush(t.Context()))
}

// anomalyPage is what GET /admin/anomalies answers.
type anomalyPage struct {
	Anomalies []struct {
		ID     string
		UserID string `json:"user_id"`
	}
	Next string `json:"next_cursor"`
}

func (p anomalyPage) users() (all []string) {
	for _, a := range p.Anomalies {
		all = append(all, a.UserID)
	}
	return all
}

func TestAdminsReadAnomalies(t *testing.T) {
	d := newDesk(t, &fakeRuns{})
	assert.JSONEq(t, `{"anomalies":[],"next_cursor":""}`, d.ask(t, 200, http.MethodGet, "/admin/anomalies", "").Body.String())
	d.record(t, anomalylog.CodeBlocked, "a", "b", "c")
	d.record(t, anomalylog.Quarantined, "d")

	var got []string
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		var p anomalyPage
		w := d.ask(t, 200, http.MethodGet, "/admin/anomalies?limit=3&cursor="+cursor, "")
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &p))
		got = append(got, p.users()...)
		cursor = p.Next
		require.Less(t, pages, 3)
	}
	assert.Equal(t, []string{"d", "c", "b", "a"}, got, "newest first")

	body := d.ask(t, 200, http.MethodGet, "/admin/anomalies?severity=high", "").Body.String()
	assert.Regexp(t, `^{"anomalies":\[{"id":"\d+-\d+","timestamp":"[^"]+","type":"QUARANTINED","user_id":"d","details":{`, body, "in this order")
	assert.JSONEq(t, `"a\ufffd<b>"`, mustField(t, body, "text"))
	for query, want := range map[string][]string{
		"type=CODE_BLOCKED&user=b": {"b"}, "type=quarantined,CODE_BLOCKED&limit=2": {"d", "c"}, "ip=192.0.2.2": nil, "since=1h&limit=1": {"d"},
		"until=1h": nil,
	} {
		var p anomalyPage
		require.NoError(t, json.Unmarshal(d.ask(t, 200, http.MethodGet, "/admin/anomalies?"+query, "").Body.Bytes(), &p))
		assert.Equal(t, want, p.users(), query)
	}
	for query, want := range map[string]string{
		"type=NOPE": "query.type", "severity=worst": "query.severity", "since=yesterday": "query.since", "ip=x": "query.ip",
		"cursor=1": "query.cursor", "limit=0": "query.limit", "limit=1001": "query.limit",
	} {
		assert.Contains(t, d.ask(t, 422, http.MethodGet, "/admin/anomalies?"+query, "").Body.String(), want, query)
	}
}

func mustField(t *testing.T, body, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(body, strconv.Quote(name)+":")
	require.True(t, ok)
	value, _, _ := strings.Cut(rest, "}")
	return value
}

func TestAdminsSummarize(t *testing.T) {
	d := newDesk(t, &fakeRuns{})
	d.record(t, anomalylog.CodeBlocked, "a", "b", "a")
	d.record(t, anomalylog.Quarantined, "b", "a")
	var s anomalylog.Summary
	require.NoError(t, json.Unmarshal(d.ask(t, 200, http.MethodGet, "/admin/anomalies/summary?hours=2", "").Body.Bytes(), &s))
	assert.Equal(t, int64(5), s.Total)
	assert.Equal(t, map[anomalylog.Type]int64{anomalylog.CodeBlocked: 3, anomalylog.Quarantined: 2}, s.ByType)
	assert.Equal(t, []anomalylog.UserCount{{UserID: "a", Count: 3}, {UserID: "b", Count: 2}}, s.TopUsers)
	d.ask(t, 422, http.MethodGet, "/admin/anomalies/summary?hours=0", "")
}

// What the inputs' tags allow is what the constants say.
func TestLimitsOfAnomalies(t *testing.T) {
	limit, _ := reflect.TypeFor[anomaliesInput]().FieldByName("Limit")
	assert.Equal(t, strconv.Itoa(MaxAnomalies), limit.Tag.Get("maximum"))
	hours, _ := reflect.TypeFor[summaryInput]().FieldByName("Hours")
	assert.Equal(t, strconv.Itoa(MaxSummaryHours), hours.Tag.Get("maximum"))
	d := newDesk(t, &fakeRuns{})
	d.ask(t, 200, http.MethodGet, "/admin/anomalies/summary?hours=8784", "")
	d.ask(t, 422, http.MethodGet, "/admin/anomalies/summary?hours=8785", "")
}

// follow streams anomalies until as many have come, and returns their users, the events' names and the last id.
func (d *desk) follow(t *testing.T, query, last string, n int, open func()) (users, names []string, id string) {
	t.Helper()
	server := httptest.NewServer(d)
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/admin/anomalies/stream?"+query, http.NoBody)
	require.NoError(t, err)
	if last != "" {
		req.Header.Set("Last-Event-ID", last)
	}
	res, err := server.Client().Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	require.Equal(t, http.StatusOK, res.StatusCode)
	open()
	for e, err := range sse.Read(res.Body, nil) {
		require.NoError(t, err)
		names = append(names, e.Type)
		var line struct {
			UserID string `json:"user_id"`
		}
		require.NoError(t, json.Unmarshal([]byte(e.Data), &line))
		users, id = append(users, line.UserID), e.LastEventID
		if len(users) == n {
			break
		}
	}
	return users, names, id
}

func TestAdminsFollowAnomalies(t *testing.T) {
	d := newDesk(t, &fakeRuns{})
	d.record(t, anomalylog.CodeBlocked, "old")
	users, names, id := d.follow(t, "type=CODE_BLOCKED", "", 2, func() {
		d.record(t, anomalylog.Quarantined, "other")
		d.record(t, anomalylog.CodeBlocked, "a", "b")
	})
	assert.Equal(t, []string{"a", "b"}, users, "those to come")
	assert.Equal(t, []string{"anomaly", "anomaly"}, names)
	d.record(t, anomalylog.CodeBlocked, "c")
	users, _, _ = d.follow(t, "", id, 2, func() { d.record(t, anomalylog.CodeBlocked, "d") })
	assert.Equal(t, []string{"c", "d"}, users, "where it stopped")
	users, _, _ = d.follow(t, "since=1h", "", 3, func() {})
	assert.Equal(t, []string{"old", "other", "a"}, users, "from a time on")
	_, names, _ = d.follow(t, "", "99999999999999-0", 1, func() { d.record(t, anomalylog.CodeBlocked, "e") })
	assert.Equal(t, []string{"missed"}, names, "of a log that is no more")
	for _, query := range []string{"type=NOPE", "last_event_id=x"} {
		d.ask(t, 422, http.MethodGet, "/admin/anomalies/stream?"+query, "")
	}
}
