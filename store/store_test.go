package store

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"paddock/quota"
)

const varWriter = "PADDOCK_TEST_STORE_WRITER"

// TestMain makes this program a writer that is to be killed, when it is told to.
func TestMain(m *testing.M) {
	if os.Getenv(varWriter) != "" {
		writeForEver()
	}
	goleak.VerifyTestMain(m)
}

// writer is this program as a process that writes to the file.
func writer(t *testing.T, path string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Dir, cmd.Env = filepath.Dir(path), append(os.Environ(), varWriter+"=1")
	return cmd
}

// writeForEver changes one profile, and says on stdout what is acknowledged.
func writeForEver() {
	s, err := Open(context.Background(), fileName)
	if err != nil {
		panic(err)
	}
	for i := int64(1); ; i++ {
		if _, _, err := setProfile(context.Background(), s, "u", numbered(i)); err != nil {
			panic(err)
		}
		fmt.Println(i)
	}
}

// numbered is a profile with a number of its own.
func numbered(n int64) quota.Profile {
	return quota.Profile{ServicesPerHour: new(n%10_000 + 1), BlockedReason: strconv.FormatInt(n, 10)}
}

const fileName = "paddock.db"

func tempPath(tb testing.TB) string {
	tb.Helper()
	return filepath.Join(tb.TempDir(), fileName)
}

func mustOpen(tb testing.TB, path string) *Store {
	tb.Helper()
	s, err := Open(tb.Context(), path)
	require.NoError(tb, err)
	tb.Cleanup(func() { assert.NoError(tb, s.Close()) })
	return s
}

// full is a profile whose every field says something.
func full() quota.Profile {
	return quota.Profile{
		Tier: quota.Pro, Concurrent: new(int64(3)), MemoryMB: new(int64(300)), CPUPercent: new(int64(33)),
		RequestsPerMinute: new(int64(30)), ServicesPerHour: new(int64(13)), AllowedPorts: []int{8080, 3000},
		IsBlocked: true, BlockedReason: "unpaid: \x00 ü 🐎 ' \" -- \n",
	}
}

func set(t *testing.T, s *Store, userID string, p quota.Profile) {
	t.Helper()
	_, _, err := setProfile(t.Context(), s, userID, p)
	require.NoError(t, err)
}

func get(t *testing.T, s *Store, userID string) quota.Profile {
	t.Helper()
	p, exists, err := s.Profile(t.Context(), userID)
	require.NoError(t, err)
	require.True(t, exists, userID)
	return p
}

// What admins do, as edits.

func edited(ctx context.Context, s *Store, id string, edit func(p *quota.Profile, exists bool) error) (before quota.Profile, existed bool, err error) {
	err = s.EditProfile(ctx, id, func(p *quota.Profile, exists bool) error {
		before, existed = clone(*p), exists
		return edit(p, exists)
	})
	return before, existed, err
}

func setProfile(ctx context.Context, s *Store, id string, p quota.Profile) (before quota.Profile, existed bool, err error) {
	return edited(ctx, s, id, func(q *quota.Profile, _ bool) error { *q = p; return nil })
}

func block(ctx context.Context, s *Store, id, reason string) (before quota.Profile, existed bool, err error) {
	return edited(ctx, s, id, func(p *quota.Profile, _ bool) error {
		p.IsBlocked, p.BlockedReason = true, reason
		return nil
	})
}

var errNobody = errors.New("no profile")

func unblock(ctx context.Context, s *Store, id string) (before quota.Profile, existed bool, err error) {
	before, existed, err = edited(ctx, s, id, func(p *quota.Profile, exists bool) error {
		if !exists {
			return errNobody
		}
		p.IsBlocked, p.BlockedReason = false, ""
		return nil
	})
	if errors.Is(err, errNobody) {
		err = nil
	}
	return before, existed, err
}

func TestAProfileSurvivesARestartInEveryField(t *testing.T) {
	path := tempPath(t)
	p := full()
	for v := range reflect.ValueOf(p).Fields() {
		require.False(t, reflect.ValueOf(p).FieldByIndex(v.Index).IsZero(), "full says nothing of %s", v.Name)
	}
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	set(t, s, "a", p)
	set(t, s, "b", quota.Profile{})
	set(t, s, "c", quota.Profile{AllowedPorts: []int{}})
	assert.Equal(t, full(), get(t, s, "a"))
	require.NoError(t, s.Close())
	names, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	require.NoError(t, err)
	assert.Equal(t, []string{path}, names, "one file has it all")

	s = mustOpen(t, path)
	assert.Equal(t, full(), get(t, s, "a"))
	assert.Equal(t, quota.Profile{}, get(t, s, "b"))
	assert.Equal(t, quota.Profile{}, get(t, s, "c"), "no ports are no ports")
	_, exists, err := s.Profile(t.Context(), "d")
	require.NoError(t, err)
	assert.False(t, exists)
}

func TestNobodyElseReadsTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a?b#c%20d'e.db")
	s := mustOpen(t, path)
	set(t, s, "a", full())
	require.NoError(t, s.Close())
	require.NoError(t, os.Chmod(path, 0o644))
	s = mustOpen(t, path)
	set(t, s, "a", full())
	entries, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, entries, 3, "the database, its -wal and its -shm")
	for _, e := range entries {
		info, err := e.Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode(), e.Name())
	}
}

func TestWhatTheConnectionsPromise(t *testing.T) {
	s := mustOpen(t, tempPath(t))
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "100"} {
		var got string
		require.NoError(t, s.write.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got))
		assert.Equal(t, want, got, pragma)
	}
	_, err := s.read.ExecContext(t.Context(), "DELETE FROM profiles")
	require.ErrorContains(t, err, "readonly")
}

func TestBlockAndUnblockKeepEverythingElse(t *testing.T) {
	s := mustOpen(t, tempPath(t))
	p := full()
	p.IsBlocked, p.BlockedReason = false, ""
	set(t, s, "a", p)
	before, existed, err := block(t.Context(), s, "a", "spam")
	require.NoError(t, err)
	assert.True(t, existed)
	assert.Equal(t, p, before)
	blocked := p
	blocked.IsBlocked, blocked.BlockedReason = true, "spam"
	assert.Equal(t, blocked, get(t, s, "a"))
	before, existed, err = unblock(t.Context(), s, "a")
	require.NoError(t, err)
	assert.True(t, existed)
	assert.Equal(t, blocked, before)
	assert.Equal(t, p, get(t, s, "a"))

	_, existed, err = unblock(t.Context(), s, "nobody")
	require.NoError(t, err)
	assert.False(t, existed)
	_, exists, err := s.Profile(t.Context(), "nobody")
	require.NoError(t, err)
	assert.False(t, exists, "who had no profile gets none")
	_, existed, err = block(t.Context(), s, "nobody", "")
	require.NoError(t, err)
	assert.False(t, existed)
	assert.Equal(t, quota.Profile{IsBlocked: true}, get(t, s, "nobody"))
	before, existed, err = s.DeleteProfile(t.Context(), "nobody")
	require.NoError(t, err)
	assert.True(t, existed)
	assert.Equal(t, quota.Profile{IsBlocked: true}, before)
	_, exists, err = s.Profile(t.Context(), "nobody")
	require.NoError(t, err)
	assert.False(t, exists)
}

func TestEditsAreOneTransaction(t *testing.T) {
	s := mustOpen(t, tempPath(t))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			assert.NoError(t, s.EditProfile(t.Context(), "u", func(p *quota.Profile, _ bool) error {
				if p.MemoryMB == nil {
					p.MemoryMB = new(int64(0))
				}
				*p.MemoryMB++
				return nil
			}))
		})
	}
	all.Wait()
	p, _, err := s.Profile(t.Context(), "u")
	require.NoError(t, err)
	assert.Equal(t, int64(20), *p.MemoryMB)
	changed := errors.New("changed my mind")
	require.ErrorIs(t, s.EditProfile(t.Context(), "u", func(p *quota.Profile, _ bool) error { *p.MemoryMB = 1; return changed }), changed)
	require.ErrorContains(t, s.EditProfile(t.Context(), "u", func(p *quota.Profile, _ bool) error { p.Tier = "GOLD"; return nil }), "tier")
	p, _, err = s.Profile(t.Context(), "u")
	require.NoError(t, err)
	assert.Equal(t, int64(20), *p.MemoryMB, "an edit that fails changes nothing")
}

func TestWhatCannotBeIsRefusedAndChangesNothing(t *testing.T) {
	s := mustOpen(t, tempPath(t))
	set(t, s, "a", full())
	_, _, err := setProfile(t.Context(), s, "a", quota.Profile{Tier: "GOLD", MemoryMB: new(int64(0))})
	var field quota.FieldError
	require.ErrorAs(t, err, &field)
	assert.Equal(t, "tier", field.Field)
	require.ErrorContains(t, err, "max_memory_mb")
	_, _, err = block(t.Context(), s, "a", strings.Repeat("x", 501))
	require.ErrorContains(t, err, "blocked_reason")
	for _, limit := range []int{-1, 0, MaxPage + 1} {
		_, _, err = s.Profiles(t.Context(), "", limit)
		require.ErrorContains(t, err, "between 1 and 1000")
	}
	over, cancel := context.WithCancel(t.Context())
	cancel()
	_, _, err = block(over, s, "a", "")
	require.ErrorIs(t, err, context.Canceled)
	_, _, err = s.Profiles(over, "", 1)
	require.ErrorIs(t, err, context.Canceled)
	_, _, err = s.Profile(over, "a")
	require.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, full(), get(t, s, "a"))
}

// What was handed out is the caller's to change.
func TestNobodyChangesWhatIsRemembered(t *testing.T) {
	s := mustOpen(t, tempPath(t))
	set(t, s, "a", full())
	for range 3 { // read, and remembered
		p := get(t, s, "a")
		assert.Equal(t, full(), p)
		*p.Concurrent, *p.MemoryMB, *p.CPUPercent, *p.RequestsPerMinute, *p.ServicesPerHour, p.AllowedPorts[0] = 1, 1, 1, 1, 1, 1
	}
}

func TestAnotherProcessesChangeIsSeenWithinASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		path := tempPath(t)
		s, other := mustOpen(t, path), mustOpen(t, path)
		_, exists, err := s.Profile(t.Context(), "a")
		require.NoError(t, err)
		require.False(t, exists)
		set(t, other, "a", numbered(1))
		time.Sleep(ttl - 1) // of the bubble
		_, exists, err = s.Profile(t.Context(), "a")
		require.NoError(t, err)
		assert.False(t, exists, "it is remembered that there is none")
		time.Sleep(time.Nanosecond)
		assert.Equal(t, numbered(1), get(t, s, "a"))
		set(t, other, "a", numbered(2))
		set(t, s, "b", numbered(3))
		assert.Equal(t, numbered(1), get(t, s, "a"))
		time.Sleep(ttl)
		assert.Equal(t, numbered(2), get(t, s, "a"))
		set(t, s, "a", numbered(4))
		assert.Equal(t, numbered(4), get(t, s, "a"), "own changes are seen at once")
	})
}

func TestTheCacheIsBounded(t *testing.T) {
	c := newCache()
	for i := range maxCached + 100 {
		c.put(strconv.Itoa(i), entry{read: time.Now()}, 0)
	}
	assert.Len(t, c.entries, maxCached)
	_, ok, _ := c.get(strconv.Itoa(maxCached + 99))
	assert.True(t, ok)
}

func TestWhatWasReadBeforeAChangeIsNotRemembered(t *testing.T) {
	c := newCache()
	_, _, changes := c.get("a")
	end, again := c.change("a"), c.change("a")
	put := func(userID string, changes uint64) bool {
		c.put(userID, entry{read: time.Now()}, changes)
		_, ok, _ := c.get(userID)
		return ok
	}
	assert.False(t, put("a", changes), "while it is changed")
	assert.True(t, put("b", changes), "somebody else")
	end()
	assert.False(t, put("a", changes+1), "while it is still changed")
	again()
	assert.False(t, put("a", changes), "after the change")
	assert.True(t, put("a", changes+2), "read after it")
	assert.Empty(t, c.changing)
}

// Each change sees the one before: their befores and afters are one chain, through two Stores that share nothing but the file.
func TestChangesAreOneAfterTheOther(t *testing.T) {
	path := tempPath(t)
	stores := []*Store{mustOpen(t, path), mustOpen(t, path)}
	const writers, each = 8, 25
	var mu sync.Mutex
	follows := map[string]string{}
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for i := range each {
				p := numbered(int64(w*each + i))
				before, _, err := setProfile(t.Context(), stores[w%2], "u", p)
				if !assert.NoError(t, err) {
					return
				}
				mu.Lock()
				assert.NotContains(t, follows, before.BlockedReason, "two changes saw the same")
				follows[before.BlockedReason] = p.BlockedReason
				mu.Unlock()
			}
		})
	}
	all.Wait()
	n, at := 0, ""
	for ; n < writers*each; n++ {
		next, ok := follows[at]
		require.True(t, ok, "the chain ends at %q, after %d", at, n)
		at = next
	}
	assert.Equal(t, at, get(t, stores[0], "u").BlockedReason)
}

// Another process that keeps the file to itself keeps nobody from reading, nor from leaving.
func TestWhileAnotherProcessChangesTheFile(t *testing.T) {
	path := tempPath(t)
	s, other := mustOpen(t, path), mustOpen(t, path)
	set(t, s, "u", numbered(1))
	tx, err := other.write.BeginTx(t.Context(), nil)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	began := time.Now()
	_, _, err = block(ctx, s, "u", "")
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Less(t, time.Since(began), patience/2)
	assert.Equal(t, numbered(1), get(t, s, "u"))

	blocked := make(chan error)
	go func() {
		_, _, err := block(t.Context(), s, "u", "")
		blocked <- err
	}()
	require.NoError(t, tx.Rollback())
	require.NoError(t, <-blocked)
	assert.True(t, get(t, s, "u").IsBlocked)
}

// A reader sees what has returned, and never goes back, whatever is remembered meanwhile.
func TestReadersNeverGoBack(t *testing.T) {
	s := mustOpen(t, tempPath(t))
	set(t, s, "u", numbered(0))
	ctx, cancel := context.WithCancel(t.Context())
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for last := int64(0); ctx.Err() == nil; {
				p, exists, err := s.Profile(t.Context(), "u")
				if !assert.NoError(t, err) || !assert.True(t, exists) || !assert.GreaterOrEqual(t, *p.ServicesPerHour, last) {
					return
				}
				last = *p.ServicesPerHour
			}
		})
	}
	for i := range int64(300) {
		set(t, s, "u", numbered(i))
		assert.Equal(t, numbered(i), get(t, s, "u"))
		_, _, err := unblock(t.Context(), s, "other")
		require.NoError(t, err)
	}
	cancel()
	all.Wait()
}

// Random calls, restarts among them, compared with a map.
func TestAgainstAMap(t *testing.T) {
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 5))
		path, model := tempPath(t), map[string]quota.Profile{}
		s, err := Open(t.Context(), path)
		require.NoError(t, err)
		for i := range 400 {
			where := fmt.Sprintf("seed %d, call %d", seed, i)
			id := fmt.Sprintf("u%d", r.IntN(8))
			was, known := model[id]
			var before quota.Profile
			var existed bool
			switch r.IntN(8) {
			case 0, 1:
				p := anyProfile(r)
				before, existed, err = setProfile(t.Context(), s, id, p)
				model[id] = p
			case 2:
				before, existed, err = s.DeleteProfile(t.Context(), id)
				delete(model, id)
			case 3:
				before, existed, err = block(t.Context(), s, id, where)
				p := model[id]
				p.IsBlocked, p.BlockedReason = true, where
				model[id] = p
			case 4:
				before, existed, err = unblock(t.Context(), s, id)
				if p := was; known {
					p.IsBlocked, p.BlockedReason = false, ""
					model[id] = p
				}
			case 5, 6:
				before, existed, err = s.Profile(t.Context(), id)
			case 7:
				before, existed = was, known
				if r.IntN(4) == 0 {
					require.NoError(t, s.Close())
					s, err = Open(t.Context(), path)
				}
				assert.Equal(t, model, walk(t, s, 1+r.IntN(9)), where)
			}
			require.NoError(t, err, where)
			require.Equal(t, known, existed, where)
			require.Equal(t, was, before, where)
		}
		require.NoError(t, s.Close())
	}
}

func anyProfile(r *rand.Rand) (p quota.Profile) {
	p.Tier = []quota.Tier{"", quota.Free, quota.Basic, quota.Enterprise}[r.IntN(4)]
	for _, n := range []**int64{&p.Concurrent, &p.MemoryMB, &p.CPUPercent, &p.RequestsPerMinute, &p.ServicesPerHour} {
		if r.IntN(2) == 0 {
			*n = new(1 + r.Int64N(10_000))
		}
	}
	for range r.IntN(3) {
		p.AllowedPorts = append(p.AllowedPorts, 1+r.IntN(65535))
	}
	p.IsBlocked = r.IntN(4) == 0
	return p
}

// walk goes through all pages, each of which must be full but the last.
func walk(t *testing.T, s *Store, limit int) map[string]quota.Profile {
	t.Helper()
	all := map[string]quota.Profile{}
	for after := ""; ; {
		page, next, err := s.Profiles(t.Context(), after, limit)
		require.NoError(t, err)
		assert.True(t, slices.IsSortedFunc(page, func(a, b quota.UserProfile) int { return strings.Compare(a.UserID, b.UserID) }))
		for _, u := range page {
			assert.Greater(t, u.UserID, after)
			assert.NotContains(t, all, u.UserID)
			all[u.UserID] = u.Profile
		}
		if next == "" {
			return all
		}
		assert.Len(t, page, limit)
		after = next
	}
}

// Who is killed leaves what was acknowledged, and at most the one change that was not.
func TestKill(t *testing.T) {
	path := tempPath(t)
	for range 20 {
		cmd := writer(t, path)
		out, err := cmd.StdoutPipe()
		require.NoError(t, err)
		require.NoError(t, cmd.Start())
		acknowledged := 0
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if _, err := fmt.Sscan(lines.Text(), &acknowledged); err != nil {
				break // the half of a line
			}
			if acknowledged == 20 {
				require.NoError(t, cmd.Process.Kill())
			}
		}
		_ = cmd.Wait()
		require.GreaterOrEqual(t, acknowledged, 20)
		s, err := Open(t.Context(), path)
		require.NoError(t, err)
		var n int
		_, err = fmt.Sscan(get(t, s, "u").BlockedReason, &n)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, n, acknowledged)
		assert.LessOrEqual(t, n, acknowledged+2, "what was written, and what was not yet said of it")
		require.NoError(t, s.Close())
	}
}

// Who is killed while the file is made leaves none, or a whole one.
func TestKillWhileItIsMade(t *testing.T) {
	for range 10 {
		path := tempPath(t)
		cmd := writer(t, path)
		require.NoError(t, cmd.Start())
		for {
			if names, err := filepath.Glob(path + "*"); err != nil || len(names) > 0 {
				break
			}
		}
		require.NoError(t, cmd.Process.Kill())
		_ = cmd.Wait()
		s := mustOpen(t, path)
		set(t, s, "a", full())
		assert.Equal(t, full(), get(t, s, "a"))
	}
}

func TestMadeByManyAtOnce(t *testing.T) {
	path := tempPath(t)
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			s, err := Open(t.Context(), path)
			if !assert.NoError(t, err) {
				return
			}
			_, _, err = block(t.Context(), s, strconv.Itoa(i), "")
			assert.NoError(t, err)
			assert.NoError(t, s.Close())
		})
	}
	all.Wait()
	assert.Len(t, walk(t, mustOpen(t, path), MaxPage), 8)
	left, err := filepath.Glob(path + ".new*")
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestAFullDiskLeavesWhatWasThere(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=1m"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("mount a small tmpfs: %v", err)
		}
		t.Skipf("needs root, to mount a small tmpfs: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, unix.Unmount(dir, 0)) })
	path, ballast := filepath.Join(dir, "paddock.db"), filepath.Join(dir, "ballast")
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	set(t, s, "u", numbered(0))
	require.ErrorIs(t, os.WriteFile(ballast, make([]byte, 1<<20), 0o600), unix.ENOSPC)
	last := int64(0)
	for err == nil {
		if _, _, err = setProfile(t.Context(), s, "u", numbered(last+1)); err == nil {
			last++
		}
	}
	require.ErrorContains(t, err, "full")
	for range 3 {
		_, _, err = setProfile(t.Context(), s, "u", numbered(last+1))
		require.ErrorContains(t, err, "full")
		assert.Equal(t, numbered(last), get(t, s, "u"))
	}
	_, err = Open(t.Context(), filepath.Join(dir, "other.db"))
	require.Error(t, err)
	left, err := filepath.Glob(filepath.Join(dir, "other.db*"))
	require.NoError(t, err)
	assert.Empty(t, left, "a file that can't be made is not there")

	require.NoError(t, s.Close())
	require.NoError(t, os.Remove(ballast))
	s, err = Open(t.Context(), path)
	require.NoError(t, err)
	assert.Equal(t, numbered(last), get(t, s, "u"))
	set(t, s, "u", numbered(last+1))
	assert.Equal(t, numbered(last+1), get(t, s, "u"))
	require.NoError(t, s.Close())
}

// A damaged file is told of, and stays as it is.
func TestADamagedFile(t *testing.T) {
	whole := tempPath(t)
	s := mustOpen(t, whole)
	for i := range 500 {
		set(t, s, fmt.Sprintf("u%03d", i), full())
	}
	require.NoError(t, s.Close())
	data, err := os.ReadFile(whole)
	require.NoError(t, err)
	require.Greater(t, len(data), 8*4096)
	for name, bad := range map[string][]byte{
		"empty":            {},
		"text":             []byte(strings.Repeat("not a database\n", 1000)),
		"half":             data[:len(data)/2/4096*4096],
		"cut":              data[:len(data)-100],
		"no head":          append(make([]byte, 100), data[100:]...),
		"a page of zeros":  slices.Concat(data[:5*4096], make([]byte, 4096), data[6*4096:]),
		"a page twice":     slices.Concat(data[:5*4096], data[4*4096:5*4096], data[6*4096:]),
		"zeros":            make([]byte, len(data)),
		"a number is text": []byte(strings.Replace(string(data), "max_memory_mb           INTEGER", "max_memory_mb           TEXT   ", 1)),
	} {
		path := tempPath(t)
		require.NoError(t, os.WriteFile(path, bad, 0o600))
		_, err := Open(t.Context(), path)
		require.ErrorIs(t, err, ErrDamaged, name)
		require.ErrorContains(t, err, path, name)
		require.ErrorContains(t, err, "backup", name)
		after, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, bad, after, name)
	}
}

// Damage that shows only later is told of, too.
func TestDamageWhileItIsOpen(t *testing.T) {
	path := tempPath(t)
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	for i := range 500 {
		set(t, s, fmt.Sprintf("u%03d", i), full())
	}
	require.NoError(t, s.Close())
	s, err = Open(t.Context(), path)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	dd := exec.Command("dd", "if=/dev/zero", "of="+path, "bs=4096", "seek=4", fmt.Sprintf("count=%d", info.Size()/4096-4), "conv=notrunc")
	require.NoError(t, dd.Run()) // another process: to close the file in this one would end SQLite's locks
	_, _, err = s.Profiles(t.Context(), "", MaxPage)
	require.ErrorIs(t, err, ErrDamaged)
	_ = s.Close()
}

func TestANewerFileIsRefused(t *testing.T) {
	path := tempPath(t)
	s := mustOpen(t, path)
	set(t, s, "a", full())
	_, err := s.write.ExecContext(t.Context(), "INSERT INTO goose_db_version (version_id, is_applied) VALUES (9, 1)")
	require.NoError(t, err)
	require.NoError(t, s.Close())
	_, err = Open(t.Context(), path)
	require.ErrorIs(t, err, ErrNewer)
	require.ErrorContains(t, err, "its schema is 9, and this one knows 1")
	require.NotErrorIs(t, err, ErrDamaged)
}

func TestAFileThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{dir, filepath.Join(dir, "none", "paddock.db"), filepath.Join(dir, "a\x00b")} {
		_, err := Open(t.Context(), path)
		require.Error(t, err, "%q", path)
	}
	names, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, names)
}

func TestAfterClose(t *testing.T) {
	s := mustOpen(t, tempPath(t))
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "twice is as good as once")
	_, _, err := block(t.Context(), s, "a", "")
	require.ErrorContains(t, err, "closed")
	_, _, err = s.Profile(t.Context(), "a")
	require.ErrorContains(t, err, "closed")
}
