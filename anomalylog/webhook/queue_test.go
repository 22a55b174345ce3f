package webhook

import (
	"fmt"
	"net/netip"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
	"paddock/quota"
)

// from is an event of somebody whom nobody knows.
func from(kind anomalylog.Type, ip string) anomalylog.Event {
	e := event(kind, "")
	e.IP = ip
	return e
}

// all is what there is to send now: who it is about, and how many more like it there were.
func (q *queue) all() (sent []string) {
	for d, ok := q.next(); ok; d, ok = q.next() {
		sent = append(sent, fmt.Sprintf("%s %s+%d", d.event.Type, d.event.UserID+d.event.IP, d.repeated))
	}
	return sent
}

// The subject is the user, or else what one customer has of addresses; a user who is called like an address is somebody else.
func TestAlike(t *testing.T) {
	of := func(user, ip string) subject { return subjectOf(anomalylog.Event{UserID: user, IP: ip}) }
	assert.Equal(t, of("ada", "192.0.2.1"), of("ada", "192.0.2.2"))
	assert.NotEqual(t, of("ada", "192.0.2.1"), of("bob", "192.0.2.1"))
	assert.NotEqual(t, of("", "192.0.2.1"), of("192.0.2.1", ""))
	assert.NotEqual(t, of("", "one"), of("", "other"), "what is no address is itself")
	addresses := []string{
		"192.0.2.1", "192.0.2.2", "::ffff:192.0.2.1", "2001:db8::1", "2001:db8::ffff:1:2:3", "2001:db8::1%eth0", "2001:db8:0:1::1", "::1",
	}
	for _, a := range addresses {
		for _, b := range addresses {
			alike := quota.Address(netip.MustParseAddr(a)) == quota.Address(netip.MustParseAddr(b))
			assert.Equal(t, alike, of("", a) == of("", b), "%s and %s, as limits are counted", a, b)
		}
	}
}

// One customer has 2^64 addresses, and somebody who means it has many customers' ones.
func TestAFloodTakesNoOthersPlace(t *testing.T) {
	q := newQueue(Target{}, time.Hour, zerolog.Nop())
	for i := range 2 * roomLength {
		q.take(from(anomalylog.RateLimitExceeded, fmt.Sprintf("2001:db8::%x", i)))
	}
	assert.Equal(t, Counts{Pending: 1, Suppressed: 2*roomLength - 1}, q.now())
	for i := range 2 * roomLength {
		q.take(from(anomalylog.RateLimitExceeded, fmt.Sprintf("2001:db8:1:%x::1", i)))
		q.take(from(anomalylog.UnauthorizedAccess, fmt.Sprintf("2001:db8:1:%x::1", i)))
	}
	q.take(event(anomalylog.AdminAction, "mallory"))
	q.take(event(anomalylog.Quarantined, "mallory"))
	assert.Equal(t, Counts{Pending: 2*roomLength + 2, Suppressed: 2*roomLength - 1, Dropped: 2*roomLength + 1}, q.now())
	sent := q.all()
	require.Len(t, sent, 2*roomLength+2)
	assert.Equal(t, "QUARANTINED mallory192.0.2.1+0", sent[1], "high types take turns")
	assert.Equal(t, "RATE_LIMIT_EXCEEDED 2001:db8::0+0", sent[roomLength+1], "after all that are high")
	assert.Equal(t, "ADMIN_ACTION mallory192.0.2.1+0", sent[roomLength+2])
	assert.Equal(t, "RATE_LIMIT_EXCEEDED 2001:db8:1:0::1+0", sent[roomLength+3])
}

func TestAHighEventGoesFirst(t *testing.T) {
	q := newQueue(Target{}, time.Hour, zerolog.Nop())
	q.take(event(anomalylog.CodeBlocked, "a"))
	q.take(event(anomalylog.CodeBlocked, "b"))
	_, ok := q.next()
	require.True(t, ok)
	q.take(event(anomalylog.SandboxFailure, "c"))
	assert.Equal(t, []string{"SANDBOX_FAILURE c192.0.2.1+0", "CODE_BLOCKED b192.0.2.1+0"}, q.all())
}

// What has not been sent is sent when it comes again.
func TestAnEventThatFindsNoRoomHasNoWindow(t *testing.T) {
	q := newQueue(Target{}, time.Hour, zerolog.Nop())
	for i := range roomLength {
		q.take(event(anomalylog.CodeBlocked, strconv.Itoa(i)))
	}
	q.take(event(anomalylog.CodeBlocked, "late"))
	assert.Equal(t, Counts{Pending: roomLength, Dropped: 1}, q.now())
	assert.Len(t, q.all(), roomLength)
	q.take(event(anomalylog.CodeBlocked, "late"))
	assert.Equal(t, []string{"CODE_BLOCKED late192.0.2.1+0"}, q.all())
}

// However many windows end at once, each tells its count.
func TestNoCountIsLost(t *testing.T) {
	const users = 3 * roomLength
	for name, end := range map[string]func(*queue){
		"at the end": (*queue).close, "when their time has come": func(*queue) { time.Sleep(time.Minute) }, // of the bubble
	} {
		synctest.Test(t, func(t *testing.T) {
			q := newQueue(Target{}, time.Minute, zerolog.Nop())
			for range 2 {
				for i := range users {
					q.take(event(anomalylog.CodeBlocked, strconv.Itoa(i)))
					q.next() // nothing the second time
				}
			}
			end(q)
			sent := q.all()
			require.Len(t, sent, users, name)
			assert.Equal(t, "CODE_BLOCKED 0192.0.2.1+1", sent[0])
			assert.Equal(t, Counts{Suppressed: users}, q.now(), name)
		})
	}
}

// While a target keeps us waiting, windows go on, and what has waited longest is next.
func TestWindowsOfASlowTarget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := newQueue(Target{}, time.Minute, zerolog.Nop())
		q.take(event(anomalylog.CodeBlocked, "a"))
		q.next() // is under way for two minutes
		q.take(event(anomalylog.CodeBlocked, "a"))
		q.take(event(anomalylog.CodeBlocked, "b"))
		time.Sleep(2 * time.Minute)
		q.take(event(anomalylog.CodeBlocked, "a"))
		q.take(event(anomalylog.CodeBlocked, "c"))
		assert.Equal(t, []string{"CODE_BLOCKED b192.0.2.1+0", "CODE_BLOCKED a192.0.2.1+2", "CODE_BLOCKED c192.0.2.1+0"}, q.all())
		q.take(event(anomalylog.CodeBlocked, "a"))
		assert.Equal(t, []string{"CODE_BLOCKED a192.0.2.1+0"}, q.all())
	})
}

// When there are too many windows the oldest ends early.
func TestWindowsAreBounded(t *testing.T) {
	q := newQueue(Target{}, time.Hour, zerolog.Nop())
	q.take(event(anomalylog.CodeBlocked, "first"))
	q.take(event(anomalylog.CodeBlocked, "first"))
	q.next()
	for i := range maxWindows - 1 {
		q.take(event(anomalylog.CodeBlocked, strconv.Itoa(i)))
		q.next()
	}
	open := func() int { return len(q.rooms[anomalylog.CodeBlocked].open) }
	assert.Equal(t, maxWindows, open())
	q.take(event(anomalylog.CodeBlocked, "one more"))
	assert.Equal(t, []string{"CODE_BLOCKED first192.0.2.1+1", "CODE_BLOCKED one more192.0.2.1+0"}, q.all())
	assert.Equal(t, maxWindows, open())
	q.take(event(anomalylog.CodeBlocked, "first"))
	assert.Equal(t, []string{"CODE_BLOCKED first192.0.2.1+0"}, q.all(), "goes at once again")
}

// A room that is nearly full takes an event and the count that it ends, and then no more.
func TestARoomIsBounded(t *testing.T) {
	q := newQueue(Target{}, time.Hour, zerolog.Nop())
	for range 2 {
		for i := range maxWindows {
			q.take(event(anomalylog.CodeBlocked, strconv.Itoa(i)))
			q.next()
		}
	}
	for i := range roomLength {
		q.take(event(anomalylog.CodeBlocked, "new"+strconv.Itoa(i)))
	}
	n := q.now()
	assert.LessOrEqual(t, n.Pending, int64(roomLength+1))
	assert.EqualValues(t, roomLength/2, n.Dropped, "each has taken two places")
	q.close()
	assert.Len(t, q.all(), maxWindows+roomLength/2, "and no count is lost")
}

func TestAdminActionsAreAllSent(t *testing.T) {
	q := newQueue(Target{}, time.Hour, zerolog.Nop())
	for _, action := range []string{"block", "unblock", "delete_user"} {
		e := event(anomalylog.AdminAction, "ada")
		e.Details = anomalylog.Details{"action": action}
		q.take(e)
	}
	for _, action := range []string{"block", "unblock", "delete_user"} {
		d, ok := q.next()
		require.True(t, ok)
		assert.Equal(t, action, d.event.Details["action"])
	}
	assert.Equal(t, Counts{Pending: 1}, q.now(), "the last is under way")
}

// lines has what is written to it, a line each.
type lines chan string

func (l lines) Write(p []byte) (int, error) {
	l <- string(p)
	return len(p), nil
}

// The log tells of drops at once, and of later ones when a minute is over, whether anything else happens or not.
func TestDropsAreSaidInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		said := make(lines, 10)
		q := newQueue(Target{}, 0, zerolog.New(said))
		sent := make(chan delivery)
		go q.work(func(d delivery) { sent <- d })
		fill := func(more int) {
			synctest.Wait() // one is under way
			for range roomLength - int(q.now().Pending) + 1 + more {
				q.take(event(anomalylog.CodeBlocked, "ada"))
			}
		}
		q.take(event(anomalylog.CodeBlocked, "ada"))
		fill(3)
		assert.Empty(t, said)
		<-sent
		assert.Contains(t, <-said, `"dropped":3,"room":1000`)
		first := time.Now()
		fill(5)
		for range roomLength + 1 {
			<-sent
		}
		assert.Contains(t, <-said, `"dropped":5,"room":1000`)
		assert.Equal(t, sayEvery, time.Since(first))
		q.close()
	})
}
