package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"
	json "github.com/go-json-experiment/json"
	"github.com/rs/zerolog"

	"paddock/anomalylog"
	"paddock/quota"
)

// AdminOptions configure the routes for admins. All are required.
type AdminOptions struct {
	Quota  *quota.Quota
	Load   func() any // the host's load, as GET /admin/load tells it
	Record func(anomalylog.Event)
	Log    zerolog.Logger
}

// Suspects are those that something is known against.
type Suspects struct {
	Suspects []Suspect `json:"suspects"`
}

// Suspect is one of them.
type Suspect struct {
	Subject    string           `json:"subject"`               // user:ID or addr:ADDRESS
	Score      float64          `json:"score"`                 // 0 to 1
	Signals    map[string]int64 `json:"signals"`               // how many of each kind count
	BlockedFor float64          `json:"blocked_for_s"`         // 0 for who is not blocked
	Reason     string           `json:"block_reason,omitzero"` // of the block
}

// How many suspects are told, unless the request says less.
const (
	usualSuspects = 100
	mostSuspects  = 10_000
)

// NewAdmin returns the handler of the routes for admins. It asks for no credentials: it is for a listener that nobody else reaches.
func NewAdmin(o AdminOptions) http.Handler {
	m := chi.NewMux()
	a := &admin{o}
	m.Get("/admin/abuse", a.suspects)
	m.Delete("/admin/abuse", a.unblock)
	m.Get("/admin/load", func(w http.ResponseWriter, _ *http.Request) { write(w, http.StatusOK, 0, o.Load()) })
	return m
}

type admin struct{ o AdminOptions }

func (a *admin) suspects(w http.ResponseWriter, r *http.Request) {
	most := usualSuspects
	if text := r.URL.Query().Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > mostSuspects {
			a.refuse(w, newProblem(codeInvalidRequest, fmt.Sprintf("limit is not between 1 and %d", mostSuspects)))
			return
		}
		most = n
	}
	known, err := a.o.Quota.Suspects(r.Context(), most)
	if err != nil {
		a.refuse(w, err)
		return
	}
	out := Suspects{Suspects: []Suspect{}}
	for _, k := range known {
		out.Suspects = append(out.Suspects, Suspect{
			Subject: k.Subject, Score: float64(k.Score) / quota.Certain, Signals: k.Signals,
			BlockedFor: k.Block.For.Seconds(), Reason: k.Block.Reason,
		})
	}
	write(w, http.StatusOK, 0, out)
}

// unblock lets a subject in again. Its score stays, and is over by itself.
func (a *admin) unblock(w http.ResponseWriter, r *http.Request) {
	subject := quota.Subject(r.URL.Query().Get("subject"))
	if _, id, ok := strings.Cut(string(subject), ":"); !ok || id == "" {
		a.refuse(w, newProblem(codeInvalidRequest, "name it as GET /admin/abuse does: user:ID or addr:ADDRESS"))
		return
	}
	before, err := a.o.Quota.Known(r.Context(), subject)
	if err == nil && before.Block.For == 0 {
		err = newProblem(codeNotFound, fmt.Sprintf("%s is not blocked here; users are blocked in their profiles too", subject))
	}
	if err == nil {
		err = a.o.Quota.Unblock(r.Context(), subject)
	}
	if err != nil {
		a.refuse(w, err)
		return
	}
	a.o.Record(anomalylog.Event{Type: anomalylog.AdminAction, Details: anomalylog.Details{
		"action": "unblock", "subject": string(subject), "from": before.Block.Reason,
	}})
	w.WriteHeader(http.StatusNoContent)
}

func (a *admin) refuse(w http.ResponseWriter, err error) {
	p := new(Problem)
	if !errors.As(err, &p) {
		a.o.Log.Error().Err(err).Msg("an admin's request failed")
		p = problemOf(err)
	}
	w.Header().Set("Content-Type", problemType)
	w.WriteHeader(p.Status)
	_ = json.MarshalWrite(w, p) // the client is gone
}
