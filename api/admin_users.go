package api

import (
	"context"
	stdjson "encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"
	json "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"paddock/anomalylog"
	"paddock/quota"
	"paddock/runner"
)

// Users is a page of users that have a profile.
type Users struct {
	Users []User `json:"users"`
	Next  string `json:"next" doc:"The after of the next page; empty when there is none"`
}

// User is what is stored of a user, and what follows.
type User struct {
	UserID  string        `json:"user_id"`
	Stored  bool          `json:"stored" doc:"Whether there is a profile; who has none is FREE"`
	Profile quota.Profile `json:"profile" doc:"What is missing is the tier's"`
	Limits  *quota.Limits `json:"limits,omitempty" doc:"What counts for the user now, where a server runs"`
	Created bool          `json:"created,omitzero" doc:"After a change: whether there was no profile before"`
	Ended   int           `json:"runs_ended,omitzero" doc:"After a block: how many of the user's runs were ended"`
}

// UserPath names a user.
type UserPath struct {
	ID string `path:"id" pattern:"^[A-Za-z0-9._:@-]{1,128}$" patternDescription:"user id: letters, digits, . _ : @ -" doc:"The user"`
}

type usersInput struct {
	After string `query:"after" pattern:"^[A-Za-z0-9._:@-]{0,128}$" doc:"The next of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"100" doc:"How many at most"`
}

func (a *admin) users(ctx context.Context, in *usersInput) (reply, error) {
	page, next, err := a.o.Profiles.Profiles(ctx, in.After, in.Limit)
	if err != nil {
		return nil, err
	}
	out := Users{Users: []User{}, Next: next}
	for _, u := range page {
		out.Users = append(out.Users, *a.userOf(u.UserID, u.Profile, true))
	}
	return inJSON(http.StatusOK, out), nil
}

func (a *admin) userOf(id string, p quota.Profile, stored bool) *User {
	u := &User{UserID: id, Stored: stored, Profile: p}
	if a.o.Live != nil {
		u.Limits = new(a.o.Live.Quota.Tiers().Terms(p).Limits)
	}
	return u
}

func (a *admin) user(ctx context.Context, in *UserPath) (reply, error) {
	p, stored, err := a.o.Profiles.Profile(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return inJSON(http.StatusOK, a.userOf(in.ID, p, stored)), nil
}

type setInput struct {
	UserPath
	Body payload[quota.Profile]
}

func (a *admin) setUser(ctx context.Context, in *setInput) (reply, error) {
	profile, err := in.Body.get()
	if err != nil {
		return nil, err
	}
	return a.edit(ctx, "set_user", in.ID, func(p *quota.Profile) error {
		*p = *profile
		return nil
	})
}

type mergeInput struct {
	UserPath
	RawBody []byte
}

// editUser merges the body into the profile as RFC 7396 has it.
func (a *admin) editUser(ctx context.Context, in *mergeInput) (reply, error) {
	if err := countValues(in.RawBody); err != nil {
		return nil, err
	}
	return a.edit(ctx, "edit_user", in.ID, func(p *quota.Profile) error {
		if kind := jsontext.Value(in.RawBody).Kind(); kind != jsontext.KindBeginObject && kind != jsontext.KindInvalid {
			return invalid(codeInvalidRequest, FieldError{Location: "body", Message: "is no object"})
		}
		err := json.Unmarshal(in.RawBody, p, json.RejectUnknownMembers(true))
		var wrong *json.SemanticError
		if errors.As(err, &wrong) && errors.Is(err, json.ErrUnknownName) {
			return invalid(codeInvalidRequest, FieldError{Location: location(wrong.JSONPointer), Message: "is not a field of a profile"})
		}
		if err != nil {
			return malformed(a.schemas(), in.RawBody, err)
		}
		return nil
	})
}

// mayTake describes a body that may be missing, or that huma would take for bytes.
func mayTake(op huma.Operation, body *huma.Schema) huma.Operation {
	op.RequestBody = &huma.RequestBody{Content: map[string]*huma.MediaType{jsonType: {Schema: body}}}
	return op
}

// merges is the schema of a body of editUser.
var merges = &huma.Schema{
	Type: huma.TypeObject, Description: "Fields of a Profile; null for what is to be the tier's again",
}

// BlockRequest says why.
type BlockRequest struct {
	Reason string `json:"reason,omitempty" maxLength:"500" doc:"Why; the user is told"`
}

type blockInput struct {
	UserPath
	Body payload[BlockRequest]
}

func (a *admin) blockUser(ctx context.Context, in *blockInput) (reply, error) {
	request, err := in.Body.get()
	if err != nil {
		return nil, err
	}
	return a.edit(ctx, "block_user", in.ID, func(p *quota.Profile) error {
		p.IsBlocked, p.BlockedReason = true, request.Reason
		return nil
	})
}

func (a *admin) unblockUser(ctx context.Context, in *UserPath) (reply, error) {
	return a.edit(ctx, "unblock_user", in.ID, func(p *quota.Profile) error {
		if !p.IsBlocked {
			return newProblem(codeNotFound, in.ID+" is not blocked; `GET /admin/abuse` lists blocks that end by themselves")
		}
		p.IsBlocked, p.BlockedReason = false, ""
		return nil
	})
}

// edit changes a profile, writes down what has changed, and ends the user's runs if it is blocked now.
func (a *admin) edit(ctx context.Context, action, id string, change func(*quota.Profile) error) (reply, error) {
	var before map[string]string
	var after quota.Profile
	var existed bool
	err := a.o.Profiles.EditProfile(ctx, id, func(p *quota.Profile, exists bool) error {
		before, existed = fieldsOf(*p), exists
		if err := change(p); err != nil {
			return err
		}
		if !p.IsBlocked {
			p.BlockedReason = ""
		}
		after = *p
		return wrongFields(after.Validate())
	})
	if err != nil {
		return nil, err
	}
	u := a.userOf(id, after, true)
	u.Created = !existed
	from, to := difference(before, fieldsOf(after))
	details := anomalylog.Details{"from": from, "to": to}
	if after.IsBlocked {
		u.Ended = a.endRuns(id)
		details["runs_ended"] = u.Ended
	}
	if u.Created || u.Ended > 0 || len(from)+len(to) > 0 {
		a.did(ctx, action, anomalylog.Event{UserID: id, Details: details})
	}
	return inJSON(http.StatusOK, u), nil
}

// wrongFields is the refusal of a profile for what is wrong with it.
func wrongFields(wrong []quota.FieldError) error {
	if len(wrong) == 0 {
		return nil
	}
	var errs []FieldError
	for _, e := range wrong {
		errs = append(errs, FieldError{Location: "body." + e.Field, Message: e.Problem})
	}
	return invalid(codeInvalidRequest, errs...)
}

func (a *admin) deleteUser(ctx context.Context, in *UserPath) (reply, error) {
	before, existed, err := a.o.Profiles.DeleteProfile(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !existed {
		return nil, newProblem(codeNotFound, fmt.Sprintf("%s has no profile, and is FREE", in.ID))
	}
	from, to := difference(fieldsOf(before), nil)
	a.did(ctx, "delete_user", anomalylog.Event{UserID: in.ID, Details: anomalylog.Details{"from": from, "to": to}})
	return inJSON(http.StatusOK, a.userOf(in.ID, quota.Profile{}, false)), nil
}

// endRuns ends what a user has running, and counts it. A run that was admitted before the block and starts after this ends by
// itself, see server.start.
func (a *admin) endRuns(user string) (n int) {
	if a.runs == nil {
		return 0
	}
	for _, r := range a.runs.Runs() {
		if r.User() == user && !ended(r) {
			r.Cancel(runner.ErrBlocked)
			n++
		}
	}
	return n
}

// difference is what the fields of two profiles have not in common, a "field=value" each.
func difference(was, is map[string]string) (from, to []string) {
	names := maps.Clone(was)
	maps.Copy(names, is)
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if was[name] == is[name] {
			continue
		}
		if was[name] != "" {
			from = append(from, name+"="+was[name])
		}
		if is[name] != "" {
			to = append(to, name+"="+is[name])
		}
	}
	return from, to
}

func fieldsOf(p quota.Profile) map[string]string {
	text, err := stdjson.Marshal(p)
	var raw map[string]stdjson.RawMessage
	if err = errors.Join(err, stdjson.Unmarshal(text, &raw)); err != nil {
		panic(err) // a profile is numbers and texts
	}
	fields := map[string]string{}
	for name, value := range raw {
		fields[name] = string(value)
	}
	return fields
}

var (
	theUsers = returns{http.StatusOK, jsonType, Users{}, "A page of them, by id"}
	theUser  = returns{http.StatusOK, jsonType, User{}, "The user as it is now"}
)
