package api

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os/user"
	"strconv"
	"strings"

	"github.com/rs/zerolog"
	"golang.org/x/sys/unix"

	"paddock/anomalylog"
	"paddock/quota"
	"paddock/runner"
)

// AdminOptions configure the routes for admins. All are required but Live.
type AdminOptions struct {
	Profiles Profiles
	Record   func(anomalylog.Event) error // writes down what admins do, and returns when that outlasts a crash
	Version  string                       // of Paddock, for the OpenAPI document
	Log      zerolog.Logger
	Observer Observer // whoever counts and traces; nil for nobody
	Live     *Live    // nil where no server runs: then there are the routes of users only
}

// Live is what admins see of a server that runs, and what they can do with it. All are required.
type Live struct {
	Runner    *runner.Runner
	Quota     *quota.Quota
	Anomalies *anomalylog.Log
	Stopping  context.Context //nolint:containedctx // ends when the server begins to stop, and event streams with it
	Load      func() any      // the host's load, as GET /admin/load tells it
	Pool      func() PoolState
	Drain     func() int // closes the cells that run nothing, has the others closed when their run ends, and counts the former
}

// Profiles are what is stored of users; the errors of changes are, or hold, quota.FieldErrors.
type Profiles interface {
	Profile(ctx context.Context, user string) (p quota.Profile, exists bool, err error)
	Profiles(ctx context.Context, after string, limit int) (page []quota.UserProfile, next string, err error)
	EditProfile(ctx context.Context, user string, edit func(p *quota.Profile, exists bool) error) error
	DeleteProfile(ctx context.Context, user string) (before quota.Profile, existed bool, err error)
}

// How many event streams of admins there are at one time, how many read the log back, which may take all its files, and how many
// bytes an admin's request may have.
const (
	mostStreams  = 64
	mostReads    = 4
	maxAdminBody = 1 << 20
)

// admin is the site for admins. It asks for no credentials: it is for listeners that nobody else reaches.
type admin struct {
	*site
	o    AdminOptions
	runs runs
}

// NewAdmin returns the handler of the routes for admins. It asks for no credentials: it is for a listener that nobody else reaches.
// Its server's ConnContext is AdminConn.
func NewAdmin(o AdminOptions) (http.Handler, error) {
	a := &admin{o: o, site: newSite(siteOptions{
		title: "Paddock for admins", about: "What happens on a server, and what to do about it.", version: o.Version,
		noPages: true, maxBody: maxAdminBody, log: o.Log, observer: o.Observer,
	})}
	a.mux.NotFound(func(w http.ResponseWriter, r *http.Request) {
		a.refuse(w, r, newProblem(codeNotFound, "there is nothing at this path for admins; /openapi.json lists the paths"))
	})
	a.userRoutes()
	if o.Live != nil {
		a.runs = local{o.Live.Runner}
		a.liveRoutes()
	}
	if err := a.document("Profile", "BlockRequest"); err != nil {
		return nil, fmt.Errorf("make the OpenAPI document for admins: %w", err)
	}
	return a, nil
}

func (a *admin) userRoutes() {
	s, json := a.site, a.takes(jsonType)
	const all, one = "/admin/users", "/admin/users/{id}"
	handle(s, get("users", all, "Users that have a profile"), a.users, theUsers)
	handle(s, get("user", one, "What is stored of a user"), a.user, theUser)
	handle(s, put("set-user", one, "Put a profile in place of what there was", json), a.setUser, theUser)
	edit := patch("edit-user", one, "Change what is named; null makes it the tier's again", json)
	handle(s, mayTake(edit, merges), a.editUser, theUser)
	handle(s, remove("delete-user", one, "Forget a profile: FREE, and not blocked"), a.deleteUser, theUser)
	block := post("block-user", one+"/block", "Refuse a user everything, and end its runs", json)
	handle(s, mayTake(block, schemaOf(s.schemas(), BlockRequest{})), a.blockUser, theUser)
	handle(s, post("unblock-user", one+"/unblock", "End a user's block"), a.unblockUser, theUser)
}

func (a *admin) liveRoutes() {
	s := a.site
	const log = "/admin/anomalies"
	streams, reads := s.in(make(places, mostStreams)), s.in(make(places, mostReads))
	handle(s, get("anomalies", log, "Security events, newest first", reads), a.anomalies, theAnomalies)
	handle(s, get("anomaly-summary", log+"/summary", "How many, of what, and whose", reads), a.summary, theSummary)
	handle(s, get("anomaly-stream", log+"/stream", "Security events as they happen", streams), a.followAnomalies, theirStream)
	handle(s, get("suspects", "/admin/abuse", "Those that something is known against, worst first"), a.suspects, theSuspects)
	handle(s, remove("release", "/admin/abuse", "End the block of one of them"), a.release, released)
	handle(s, get("load", "/admin/load", "How busy the host is"), a.load, theLoad)
	handle(s, get("pool", "/admin/pool", "The cells there are"), a.pool, thePool)
	handle(s, post("drain", "/admin/pool/drain", "Have every cell made anew"), a.drain, theDrained)
	handle(s, get("runs", "/admin/runs", "Runs that go on"), a.list, theRuns)
	handle(s, remove("end-run", "/admin/runs/{id}", "End a run"), a.endRun, theEnded)
}

type adminKey struct{}

// AdminConn notes whose connection it is: the ConnContext of an http.Server for admins.
func AdminConn(ctx context.Context, c net.Conn) context.Context { return AsAdmin(ctx, caller(c)) }

// AsAdmin is a context for requests that an admin makes, named as they are to be written down.
func AsAdmin(ctx context.Context, who string) context.Context {
	return context.WithValue(ctx, adminKey{}, who)
}

// caller is who is at the other end of a connection: of a unix socket a user, as the kernel tells; else an address.
func caller(c net.Conn) string {
	conn, ok := c.(*net.UnixConn)
	if !ok {
		return c.RemoteAddr().String()
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return "unknown"
	}
	who := "unknown"
	_ = raw.Control(func(fd uintptr) { // an error leaves it unknown
		if cred, err := unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED); err == nil {
			who = SystemUser(int(cred.Uid))
		}
	})
	return who
}

// SystemUser is how a user of this machine is written down: by name, where it has one.
func SystemUser(uid int) string {
	if u, err := user.LookupId(strconv.Itoa(uid)); err == nil {
		return u.Username
	}
	return "uid " + strconv.Itoa(uid)
}

// did writes down what an admin has done: an event with what it was done to, and more details.
func (a *admin) did(ctx context.Context, action string, e anomalylog.Event) {
	by, _ := ctx.Value(adminKey{}).(string)
	details := anomalylog.Details{"action": action, "by": by}
	maps.Copy(details, e.Details)
	e.Type, e.Details, e.RequestID = anomalylog.AdminAction, details, exchangeOf(ctx).id
	if err := a.o.Record(e); err != nil { // what is done is done, and may be what ends the trouble
		a.log.Error().Err(err).Str("action", action).Str("user_id", e.UserID).Str("by", by).Msg("an admin's action is not written down")
	}
}

// Suspects are those that something is known against.
type Suspects struct {
	Suspects []Suspect `json:"suspects"`
}

// Suspect is one of them.
type Suspect struct {
	Subject    string           `json:"subject" doc:"user:ID or addr:ADDRESS"`
	Score      float64          `json:"score" doc:"0 to 1"`
	Signals    map[string]int64 `json:"signals" doc:"How many of each kind count"`
	BlockedFor float64          `json:"blocked_for_s" doc:"In seconds; 0 for who is not blocked"`
	Reason     string           `json:"block_reason,omitzero" doc:"Of the block"`
}

// suspectsInput says how many to tell.
type suspectsInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"10000" default:"100" doc:"How many at most"`
}

func (a *admin) suspects(ctx context.Context, in *suspectsInput) (reply, error) {
	known, err := a.o.Live.Quota.Suspects(ctx, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Suspects{Suspects: []Suspect{}}
	for _, k := range known {
		out.Suspects = append(out.Suspects, Suspect{
			Subject: k.Subject, Score: float64(k.Score) / quota.Certain, Signals: k.Signals,
			BlockedFor: k.Block.For.Seconds(), Reason: k.Block.Reason,
		})
	}
	return inJSON(http.StatusOK, out), nil
}

// subjectInput names one of them.
type subjectInput struct {
	Subject string `query:"subject" required:"true" doc:"user:ID or addr:ADDRESS"`
}

// release lets a subject in again. Its score stays, and is over by itself.
func (a *admin) release(ctx context.Context, in *subjectInput) (reply, error) {
	if _, id, ok := strings.Cut(in.Subject, ":"); !ok || id == "" {
		return nil, invalid(codeInvalidRequest, FieldError{
			Location: "query.subject", Message: "name it as GET /admin/abuse does: user:ID or addr:ADDRESS", Value: echo(in.Subject),
		})
	}
	subject := quota.Subject(in.Subject)
	before, err := a.o.Live.Quota.Known(ctx, subject)
	if err != nil {
		return nil, err
	}
	if before.Block.For == 0 {
		detail := fmt.Sprintf("%s is not blocked here; users are blocked in their profiles too", shorten(in.Subject, maxValue))
		return nil, newProblem(codeNotFound, detail)
	}
	if err := a.o.Live.Quota.Unblock(ctx, subject); err != nil {
		return nil, err
	}
	a.did(ctx, "release", anomalylog.Event{Details: anomalylog.Details{
		"subject": in.Subject, "from": "blocked: " + before.Block.Reason, "to": "not blocked",
	}})
	return noContent, nil
}

func noContent(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func (a *admin) load(context.Context, *struct{}) (reply, error) {
	return inJSON(http.StatusOK, a.o.Live.Load()), nil
}

var (
	theSuspects = returns{http.StatusOK, jsonType, Suspects{}, "Them"}
	released    = returns{http.StatusNoContent, "", nil, "It may come in again"}
	theLoad     = returns{http.StatusOK, jsonType, map[string]any{}, "The level, since when, and what it is made of"}
)
