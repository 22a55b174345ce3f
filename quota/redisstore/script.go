package redisstore

import (
	"context"
	"crypto/sha1" //nolint:gosec // Redis names scripts by it; nothing is proven with it
	"embed"
	"encoding/hex"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"paddock/quota"
)

//go:embed lua
var lua embed.FS

// clock is the beginning of every script: it says what now is.
var clock = text("clock")

func text(name string) string {
	b, err := lua.ReadFile("lua/" + name + ".lua")
	if err != nil {
		panic(err) // it is part of the program
	}
	return string(b)
}

// script is a verb's script, and the name that a server knows it by.
type script struct{ text, sha string }

type verbs struct {
	spend, reserve, renew, release, hit, signal, known, suspects, block, first script
}

// load makes the scripts, with the time told by clock.
func load(clock string) verbs {
	before := clock + fmt.Sprintf("local CERTAIN, MAX_SIGNALS = %d, %d\n", quota.Certain, quota.MaxSignals) + text("common")
	script := func(name string) script {
		t := before + text(name)
		sha := sha1.Sum([]byte(t)) //nolint:gosec // as above
		return script{t, hex.EncodeToString(sha[:])}
	}
	return verbs{
		spend: script("spend"), reserve: script("reserve"), renew: script("renew"), release: script("release"),
		hit: script("hit"), signal: script("signal"), known: script("known"), suspects: script("suspects"),
		block: script("block"), first: script("first"),
	}
}

// run runs a script and reads its answer: one round trip, or two where the server does not know the script yet.
func (s *Store) run(ctx context.Context, v script, keys []string, args ...any) (*answer, error) {
	values, err := s.send(ctx, "evalsha", v.sha, keys, args)
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		values, err = s.send(ctx, "eval", v.text, keys, args)
	}
	if err != nil {
		return nil, failed(err)
	}
	return &answer{values: values}, nil
}

func (s *Store) send(ctx context.Context, command, script string, keys []string, args []any) ([]any, error) {
	words := append(make([]any, 0, 3+len(keys)+len(args)), command, script, len(keys))
	for _, k := range keys {
		words = append(words, k)
	}
	cmd := redis.NewCmd(ctx, append(words, args...)...)
	_ = s.client.Process(ctx, sentOnce{cmd}) // the command has the error too
	return cmd.Slice()
}

// sentOnce is a command that the library sends again only where it was told that nothing was done (MOVED, ASK). Its client for
// clusters would otherwise do so as well when an answer takes too long.
type sentOnce struct{ *redis.Cmd }

// NoRetry is redis.Cmder's.
func (sentOnce) NoRetry() bool { return true }

// ErrUnavailable is that no server answered in time, or one that can't serve at the moment: trying later may help. Any other error
// is for somebody to look into: a wrong password, no permission for scripts, no memory left.
var ErrUnavailable = errors.New("redis is not available")

// passing are the beginnings of servers' errors that pass.
var passing = []string{"LOADING", "BUSY", "READONLY", "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK",
	"max number of clients"}

// failed tells errors apart.
func failed(err error) error {
	var refused redis.Error
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, redis.ErrClosed):
		return fmt.Errorf("redis: %w", err)
	case !errors.As(err, &refused):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	for _, p := range passing {
		if redis.HasErrorPrefix(err, p) {
			return fmt.Errorf("%w: %w", ErrUnavailable, err)
		}
	}
	return fmt.Errorf("redis refused: %w", err)
}
