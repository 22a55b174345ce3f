package webhook

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/cenkalti/backoff/v5"
	"github.com/google/uuid"
	"github.com/rs/zerolog"
)

// sender delivers to one target.
type sender struct {
	target    Target
	url       *url.URL
	transport http.RoundTripper
	pace      pace
	dead      *deadLetters
	counts    *counts
	log       zerolog.Logger

	failing int64 // deliveries given up since the last one that was not
	losing  bool  // the last of these could not be written down
}

// send tries until the target has taken a delivery, and writes it down when it has not.
func (s *sender) send(ctx context.Context, d delivery) {
	id := uuid.Must(uuid.NewV7()).String()
	body, err := s.target.body(id, d, time.Now())
	if err == nil {
		err = s.insist(ctx, id, body)
	}
	if err == nil {
		s.delivered()
		return
	}
	s.giveUp(id, body, err)
}

// insist tries again until it makes no sense any more.
func (s *sender) insist(ctx context.Context, id string, body []byte) error {
	waits := &backoff.ExponentialBackOff{
		InitialInterval: s.pace.wait, RandomizationFactor: backoff.DefaultRandomizationFactor, Multiplier: 3, MaxInterval: s.pace.ask,
	}
	var last error
	_, err := backoff.Retry(ctx, func() (struct{}, error) {
		err := s.try(ctx, id, body)
		if err != nil && ctx.Err() == nil {
			s.counts.failedTries.Add(1)
			last = err
		}
		return struct{}{}, err
	}, backoff.WithBackOff(waits), backoff.WithMaxTries(s.pace.tries), backoff.WithMaxElapsedTime(s.pace.total))
	switch {
	case err == nil || ctx.Err() == nil:
		return err
	case last == nil:
		return context.Cause(ctx)
	}
	return fmt.Errorf("%w; its last try: %w", context.Cause(ctx), last)
}

// maxRedirects is how often a try is sent elsewhere.
const maxRedirects = 3

// maxAnswer is how much of an answer is read: of its header, and of its body, which means nothing to us.
const maxAnswer = 64 << 10

// try sends a delivery once. Its error is permanent where another try would end the same.
func (s *sender) try(ctx context.Context, id string, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, s.pace.try)
	defer cancel()
	to := s.url
	for redirects := 0; ; redirects++ {
		req, err := s.request(ctx, to, id, body)
		if err != nil {
			return backoff.Permanent(err)
		}
		res, err := s.transport.RoundTrip(req)
		if errors.Is(err, ErrNotPublic) {
			return backoff.Permanent(err)
		}
		if err != nil {
			return err
		}
		_, _ = io.CopyN(io.Discard, res.Body, maxAnswer) // so that it can say all of it; the status counts
		_ = res.Body.Close()
		next := redirected(res)
		if next == nil || redirects == maxRedirects || !sameOrigin(s.url, next) {
			return s.judge(res)
		}
		to = next
	}
}

func (s *sender) request(ctx context.Context, to *url.URL, id string, body []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "paddock")
	req.Header.Set(DeliveryHeader, id)
	req.Header["Idempotency-Key"] = nil // not sent; has net/http.Transport go on where a kept connection turns out to be closed
	if s.target.Secret != "" {
		req.Header.Set(SignatureHeader, sign(s.target.Secret, body, time.Now()))
	}
	return req, nil
}

// redirected is where an answer sends a request as it is (RFC 9110, 15.4.8 and 15.4.9), or nothing. Other redirects make a GET of
// it.
func redirected(res *http.Response) *url.URL {
	if res.StatusCode != http.StatusTemporaryRedirect && res.StatusCode != http.StatusPermanentRedirect {
		return nil
	}
	to, err := res.Location()
	if err != nil || to.User != nil {
		return nil
	}
	return to
}

// judge tells what an answer means.
func (s *sender) judge(res *http.Response) error {
	status := strings.TrimSpace(strconv.Itoa(res.StatusCode) + " " + http.StatusText(res.StatusCode))
	switch code := res.StatusCode; {
	case code >= 200 && code < 300:
		return nil
	case code >= 300 && code < 400:
		return backoff.Permanent(fmt.Errorf(
			"the target answered %s; only 307 and 308 are followed, %d times and to the same origin", status, maxRedirects))
	case code != http.StatusTooManyRequests && code < 500:
		return backoff.Permanent(fmt.Errorf("the target answered %s", status))
	}
	if wait, ok := retryAfter(res.Header.Get("Retry-After"), time.Now()); ok {
		wait = min(max(wait, s.pace.wait), s.pace.ask)
		return fmt.Errorf("the target answered %s: %w", status, &backoff.RetryAfterError{Duration: wait})
	}
	return fmt.Errorf("the target answered %s", status)
}

// retryAfter reads the header of that name: seconds, or a date.
func retryAfter(text string, now time.Time) (time.Duration, bool) {
	if seconds, err := strconv.ParseInt(text, 10, 32); err == nil {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(text)
	return at.Sub(now), err == nil
}

func (s *sender) delivered() {
	s.counts.delivered.Add(1)
	if s.failing > 0 {
		s.log.Info().Int64("given_up", s.failing).Msg("alerts are delivered again")
	}
	s.failing = 0
}

// giveUp writes a delivery down. The log has the first one only, until the target takes one again.
func (s *sender) giveUp(id string, body []byte, why error) {
	s.counts.givenUp.Add(1)
	l := letter{
		Time: time.Now().UTC().Format(time.RFC3339), Target: s.target.Name, DeliveryID: id, LastError: readable(why), Payload: body,
	}
	s.failing++
	if s.failing == 1 {
		s.log.Error().Str("delivery_id", id).Str("error", l.LastError).Str("path", s.dead.path).
			Msg("alerts can't be delivered; they are written down")
	}
	err := s.dead.write(l)
	if err != nil {
		s.counts.lost.Add(1)
	}
	if err != nil && !s.losing {
		s.log.Error().Err(err).Msg("alerts can be neither delivered nor written down; they are counted")
	}
	s.losing = err != nil
}

// maxError is how many bytes of an error are shown, in which there may be what a target said.
const maxError = 300

func readable(err error) string {
	text := err.Error()
	if len(text) > maxError {
		text = text[:maxError] + "..."
	}
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return utf8.RuneError
		}
		return r
	}, strings.ToValidUTF8(text, string(utf8.RuneError)))
}
