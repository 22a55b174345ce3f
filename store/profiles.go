package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"paddock/quota"
)

// MaxPage is how many profiles Profiles returns at most.
const MaxPage = 1000

// ErrUserID is what a user id is that no request could have.
var ErrUserID = errors.New("is no user id: 1 to 128 of A-Z a-z 0-9 . _ : @ -")

const (
	columns = "tier, max_concurrent_services, max_memory_mb, max_cpu_percent, max_requests_per_minute, max_services_per_hour, " +
		"allowed_ports, is_blocked, blocked_reason"
	selectOne  = "SELECT " + columns + " FROM profiles WHERE user_id = ?"
	selectPage = "SELECT user_id, " + columns + " FROM profiles WHERE user_id > ? ORDER BY user_id LIMIT ?"
	replaceOne = "REPLACE INTO profiles (user_id, " + columns + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	deleteOne  = "DELETE FROM profiles WHERE user_id = ?"
)

// fields are where a profile's columns come from and go to.
func fields(p *quota.Profile) []any {
	return []any{&p.Tier, &p.Concurrent, &p.MemoryMB, &p.CPUPercent, &p.RequestsPerMinute, &p.ServicesPerHour,
		(*ports)(&p.AllowedPorts), &p.IsBlocked, &p.BlockedReason}
}

// ports are a JSON array in their column.
type ports []int

// Value is the column's.
func (p ports) Value() (driver.Value, error) {
	if len(p) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal([]int(p))
	return string(text), err
}

// Scan reads the column. No ports are nil.
func (p *ports) Scan(column any) error {
	text, ok := column.(string)
	if !ok {
		return fmt.Errorf("allowed_ports is a %T", column)
	}
	if text == "[]" {
		*p = nil
		return nil
	}
	return json.Unmarshal([]byte(text), (*[]int)(p))
}

// Profile is a user's, and whether there is one. It takes well under a microsecond when it was asked for in the last second.
func (s *Store) Profile(ctx context.Context, userID string) (quota.Profile, bool, error) {
	e, ok, changes := s.cache.get(userID)
	if ok {
		return clone(e.profile), e.exists, nil
	}
	if err := checkUserID(userID); err != nil {
		return quota.Profile{}, false, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	e.read = time.Now()
	p, exists, err := scan(s.one.QueryRowContext(ctx, userID))
	if err != nil {
		return quota.Profile{}, false, s.failed("read a profile", err)
	}
	e.profile, e.exists = p, exists
	s.cache.put(userID, e, changes)
	return clone(p), exists, nil
}

// Profiles are those of the users after one, in the order of their ids, at most limit (1 to MaxPage). The next page comes after
// next, which is empty when there is none.
func (s *Store) Profiles(ctx context.Context, after string, limit int) (page []quota.UserProfile, next string, err error) {
	if limit < 1 || limit > MaxPage {
		return nil, "", fmt.Errorf("store: a page of %d profiles: not between 1 and %d", limit, MaxPage)
	}
	if after != "" {
		if err := checkUserID(after); err != nil {
			return nil, "", err
		}
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	page, err = s.list(ctx, after, limit+1)
	if err != nil {
		return nil, "", s.failed("list profiles", err)
	}
	if len(page) > limit {
		page = page[:limit]
		next = page[limit-1].UserID
	}
	return page, next, nil
}

func (s *Store) list(ctx context.Context, after string, limit int) (page []quota.UserProfile, err error) {
	rows, err := s.read.QueryContext(ctx, selectPage, after, limit)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var u quota.UserProfile
		if err := rows.Scan(append([]any{&u.UserID}, fields(&u.Profile)...)...); err != nil {
			return nil, err
		}
		page = append(page, u)
	}
	return page, rows.Err()
}

// EditProfile makes one profile of another: of the zero one where there is none. What edit returns is returned, and nothing is
// changed then. A profile that Validate has something against is refused: the error is of quota.FieldErrors.
func (s *Store) EditProfile(ctx context.Context, userID string, edit func(p *quota.Profile, exists bool) error) error {
	_, _, err := s.change(ctx, userID, func(p quota.Profile, exists bool) (*quota.Profile, error) { return &p, edit(&p, exists) })
	return err
}

// DeleteProfile forgets a user: FREE, and not blocked.
func (s *Store) DeleteProfile(ctx context.Context, userID string) (before quota.Profile, existed bool, err error) {
	return s.change(ctx, userID, func(quota.Profile, bool) (*quota.Profile, error) { return nil, nil })
}

// change makes one profile of another, or none of it when to returns nil, in one transaction. It returns what there was before.
func (s *Store) change(ctx context.Context, userID string, to func(p quota.Profile, exists bool) (*quota.Profile, error)) (
	before quota.Profile, existed bool, err error) {
	if err := checkUserID(userID); err != nil {
		return quota.Profile{}, false, err
	}
	defer s.cache.change(userID)()
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tx, err := s.begin(ctx)
	if err != nil {
		return quota.Profile{}, false, s.failed("change a profile", err)
	}
	before, existed, err = scan(tx.QueryRowContext(ctx, selectOne, userID))
	if err == nil {
		var after *quota.Profile
		if after, err = to(clone(before), existed); err == nil {
			err = put(ctx, tx, userID, after)
		}
	}
	if err == nil {
		err = tx.Commit()
	}
	if err != nil {
		_ = tx.Rollback() // SQLite may have done so itself, and so may Commit
		return quota.Profile{}, false, s.failed("change a profile", err)
	}
	return before, existed, nil
}

func put(ctx context.Context, tx *sql.Tx, userID string, p *quota.Profile) error {
	if p == nil {
		_, err := tx.ExecContext(ctx, deleteOne, userID)
		return err
	}
	var wrong []error
	for _, e := range p.Validate() {
		wrong = append(wrong, e)
	}
	if len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	_, err := tx.ExecContext(ctx, replaceOne, append([]any{userID}, fields(p)...)...)
	return err
}

// scan reads the profile of a row, if there is one.
func scan(row *sql.Row) (p quota.Profile, exists bool, err error) {
	err = row.Scan(fields(&p)...)
	if errors.Is(err, sql.ErrNoRows) {
		return quota.Profile{}, false, nil
	}
	return p, err == nil, err
}

// clone shares nothing with a profile, so that nobody changes what is remembered.
func clone(p quota.Profile) quota.Profile {
	for _, n := range []**int64{&p.Concurrent, &p.MemoryMB, &p.CPUPercent, &p.RequestsPerMinute, &p.ServicesPerHour} {
		if *n != nil {
			*n = new(**n)
		}
	}
	p.AllowedPorts = slices.Clone(p.AllowedPorts)
	return p
}

// idBytes are those of a user id; the API takes no others.
const idBytes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:@-"

func checkUserID(id string) error {
	if id == "" || len(id) > 128 || strings.Trim(id, idBytes) != "" {
		return fmt.Errorf("store: %.128q %w", id, ErrUserID)
	}
	return nil
}
