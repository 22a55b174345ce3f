package api

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"paddock/anomalylog"
	"paddock/runner"
)

// PoolState is what there is of cells, and what has become of them since the server started.
type PoolState struct {
	MaxCells     int               `json:"max_cells" doc:"Most cells at once"`
	Cells        int               `json:"cells" doc:"All there are, those being made and removed included"`
	Warm         map[string]int    `json:"warm" doc:"That nobody has used, by language"`
	Parked       int               `json:"parked" doc:"That wait for their own user"`
	Leaving      int               `json:"leaving" doc:"Being removed"`
	Waiting      int               `json:"waiting" doc:"Requests that wait for a cell"`
	Slots        int               `json:"slots" doc:"For programs to run in"`
	SlotsLent    int               `json:"slots_lent"`
	SlotsWaiting int               `json:"slots_waiting" doc:"Requests that wait for a slot"`
	Taken        map[string]uint64 `json:"taken" doc:"Cells handed out, by where they came from"`
	Made         uint64            `json:"made"`
	NotMade      uint64            `json:"not_made" doc:"Could not be made"`
	NotReset     uint64            `json:"not_reset" doc:"Could not be proven clean"`
	Expired      uint64            `json:"expired" doc:"Closed because their user did not come, or for their age"`
	Evicted      uint64            `json:"evicted" doc:"Closed for their place"`
	Leaked       map[string]uint64 `json:"leaked" doc:"Found of this server and not in its books"`
}

func (a *admin) pool(context.Context, *struct{}) (reply, error) {
	return inJSON(http.StatusOK, a.o.Live.Pool()), nil
}

// Drained is how many cells were closed at once.
type Drained struct {
	Closed int `json:"closed" doc:"Cells that ran nothing"`
}

func (a *admin) drain(ctx context.Context, _ *struct{}) (reply, error) {
	n := a.o.Live.Drain()
	a.did(ctx, "drain_pool", anomalylog.Event{Details: anomalylog.Details{"closed": n}})
	return inJSON(http.StatusOK, Drained{n}), nil
}

// RunList is the runs that go on, the first accepted first.
type RunList struct {
	Runs []RunInfo `json:"runs"`
}

// RunInfo is one of them.
type RunInfo struct {
	ID       string    `json:"id" format:"uuid"`
	UserID   string    `json:"user_id" doc:"Empty for nobody in particular"`
	IP       string    `json:"ip" doc:"Where the request came from"`
	Language string    `json:"language" doc:"Empty for a command on an image"`
	State    string    `json:"state" enum:"waiting,running" doc:"Whether it has its cell"`
	Accepted time.Time `json:"accepted_at"`
	Age      float64   `json:"age_ms" doc:"Since then, in milliseconds"`
}

type runsInput struct {
	User string `query:"user" doc:"Of this user only"`
}

func (a *admin) list(_ context.Context, in *runsInput) (reply, error) {
	out := RunList{Runs: []RunInfo{}}
	for _, r := range a.runs.Runs() {
		if in.User == "" || r.User() == in.User {
			out.Runs = append(out.Runs, infoOf(r))
		}
	}
	return inJSON(http.StatusOK, out), nil
}

func infoOf(r run) RunInfo {
	info := RunInfo{
		ID: r.ID(), UserID: r.User(), IP: r.Client(), State: "waiting", Accepted: r.Born().UTC(), Age: millis(time.Since(r.Born())),
	}
	info.Language, _ = r.Language()
	if r.Placed() {
		info.State = stateRunning
	}
	return info
}

// endRun ends a run as deleteRun does, whoever's it is.
func (a *admin) endRun(ctx context.Context, in *RunPath) (reply, error) {
	r, ok := a.runs.Find(in.ID)
	if !ok || ended(r) {
		return nil, newProblem(codeRunNotFound, fmt.Sprintf("no run %q goes on", shorten(in.ID, maxValue)))
	}
	r.Cancel(runner.ErrByAdmin)
	info := infoOf(r)
	a.did(ctx, "end_run", anomalylog.Event{
		UserID: r.User(), RunID: r.ID(), IP: r.Client(), Details: anomalylog.Details{"language": info.Language},
	})
	return inJSON(http.StatusAccepted, info), nil
}

var (
	thePool    = returns{http.StatusOK, jsonType, PoolState{}, "As it is now"}
	theDrained = returns{http.StatusOK, jsonType, Drained{}, "New cells are made as they are wanted"}
	theRuns    = returns{http.StatusOK, jsonType, RunList{}, "Them"}
	theEnded   = returns{http.StatusAccepted, jsonType, RunInfo{}, "It is being ended"}
)
