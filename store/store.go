// Package store keeps what outlives a restart: the profiles of users, in one SQLite file of the state directory. It is the only
// room that knows SQL.
//
// What a call has changed when it returns is on the disk, and is there after a kill or a power cut. A change that fails leaves what
// was there before. Changes are made one after the other, also by several processes.
//
// A read by whoever knows this Store sees every change made through it that has returned, and never an older profile after a newer
// one. Changes by other processes are seen within a second.
//
// Every call ends with its context, and all but Open within five seconds; they are safe for concurrent use, until Close.
package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Store is an open file.
type Store struct {
	path  string
	write *sql.DB   // one connection: who changes something waits here in turn, not for the file's lock
	read  *sql.DB   // some, which neither wait for a change nor keep one from being made
	one   *sql.Stmt // reads one profile
	cache cache
}

// ErrDamaged is what a file is that is no whole database.
var ErrDamaged = errors.New("is damaged")

// ErrNewer is what a file is that a later version of this program has changed.
var ErrNewer = errors.New("is of a newer version of this program")

const (
	// readers are so many that a long list keeps nobody waiting.
	readers = 4
	// patience is how long a call takes at most: longer than a change takes on any disk that works.
	patience = 5 * time.Second
	// busy is how long SQLite waits for another process, and does not listen to a context meanwhile; begin waits on.
	busy = 100 * time.Millisecond
)

//go:embed migrations/*.sql
var embedded embed.FS

// Open opens a file, makes it when there is none, and brings its schema up to date. Only its owner can read it. A file that is
// damaged (ErrDamaged) or newer (ErrNewer) is left as it is.
func Open(ctx context.Context, path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		if err := create(ctx, path); err != nil {
			return nil, fmt.Errorf("store: make %s: %w", path, err)
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	if info.Size() == 0 { // SQLite would take it for a new one
		return nil, damaged(path, "it is empty")
	}
	if err := os.Chmod(path, 0o600); err != nil { // of what lies beside it, too
		return nil, fmt.Errorf("store: %w", err)
	}
	return open(ctx, path)
}

// create makes the file whole before it has its name, so that an empty one was not always so.
func create(ctx context.Context, path string) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".new-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	if err := f.Close(); err != nil {
		return err
	}
	s, err := open(ctx, f.Name())
	if err != nil {
		return err
	}
	if err := s.Close(); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); !errors.Is(err, fs.ErrExist) { // else somebody was faster
		return err
	}
	return nil
}

func open(ctx context.Context, path string) (_ *Store, err error) {
	s := &Store{path: path, cache: newCache()}
	// Whoever has been told that a user is blocked relies on it: FULL waits for the disk, where NORMAL may lose the last changes.
	s.write, err = connect(path, 1, "_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1&_txlock=immediate")
	if err != nil {
		return nil, err
	}
	s.read, err = connect(path, readers, "_query_only=1")
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(s.failed("open", err), s.Close())
	}
	if err := s.openReaders(ctx); err != nil {
		return nil, errors.Join(s.failed("open", err), s.Close())
	}
	return s, nil
}

// openReaders opens all connections there will be, so that a Store takes no more descriptors when it is busy than when it is not.
func (s *Store) openReaders(ctx context.Context) (err error) {
	var all []*sql.Conn
	for range readers {
		c, e := s.read.Conn(ctx)
		if e != nil {
			err = errors.Join(err, e)
			break
		}
		all = append(all, c)
		var none int // a read, so that the log is open too
		err = errors.Join(err, c.QueryRowContext(ctx, "SELECT count(*) FROM profiles WHERE user_id = ''").Scan(&none))
	}
	for _, c := range all {
		err = errors.Join(err, c.Close()) // back into the pool
	}
	return err
}

// connect makes a pool whose connections stay open. A file that has gone is not made again.
func connect(path string, most int, options string) (*sql.DB, error) {
	options = fmt.Sprintf("mode=rw&_error_rc=1&_busy_timeout=%d&%s", busy.Milliseconds(), options)
	name := url.URL{Scheme: "file", Path: path, RawQuery: options}
	c, err := sqlite.NewConnector(name.String())
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	return db, nil
}

// prepare looks the whole file over, and brings it up to date.
func (s *Store) prepare(ctx context.Context) error {
	var finding string
	if err := s.write.QueryRowContext(ctx, "PRAGMA integrity_check(1)").Scan(&finding); err != nil {
		return err
	}
	if finding != "ok" {
		return damaged(s.path, finding)
	}
	migrations, err := fs.Sub(embedded, "migrations")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, s.write, migrations, goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	has, knows, err := p.GetVersions(ctx)
	if err != nil {
		return err
	}
	if has > knows {
		return fmt.Errorf("it %w: its schema is %d, and this one knows %d; start that version, or put a copy from before in its place",
			ErrNewer, has, knows)
	}
	if _, err := p.Up(ctx); err != nil {
		return err
	}
	s.one, err = s.read.PrepareContext(ctx, selectOne)
	return err
}

// Close ends what is open, and leaves everything in the one file. Calls that are under way must have returned.
func (s *Store) Close() error {
	var err error
	if s.read != nil {
		err = s.read.Close()
	}
	return errors.Join(err, s.write.Close()) // the last connection to close moves everything into the file
}

// begin starts a change, once all others have ended.
func (s *Store) begin(ctx context.Context) (*sql.Tx, error) {
	for {
		tx, err := s.write.BeginTx(ctx, nil)
		if !is(err, sqlite3.SQLITE_BUSY) {
			return tx, err
		}
		if ctx.Err() != nil {
			return nil, fmt.Errorf("another process is changing the file: %w", ctx.Err())
		}
	}
}

// failed says what failed, and what to do where SQLite finds the file damaged.
func (s *Store) failed(what string, err error) error {
	if is(err, sqlite3.SQLITE_CORRUPT) || is(err, sqlite3.SQLITE_NOTADB) {
		err = damaged(s.path, err.Error())
	}
	return fmt.Errorf("store: %s: %w", what, err)
}

// is reports whether an error is SQLite's, of this kind.
func is(err error, code int) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code()&0xff == code
}

func damaged(path, finding string) error {
	return fmt.Errorf("%s %w (%s): stop the server and put a copy from a backup in its place, with no -wal and -shm beside it, or "+
		"save what can be with sqlite3's .recover; without the file all profiles are gone, and nobody is blocked",
		path, ErrDamaged, finding)
}
