package sandbox

import (
	"fmt"
	"slices"
)

// State is where a cell is in its life.
type State int

// The states of a cell. Only Cell.become changes one.
const (
	Creating  State = iota
	Warm            // ready, has never run anything, belongs to nobody
	Running         // runs a program of its tenant
	Idle            // between two phases of one job, or at the end of it
	Resetting       // its agent removes what the job has left
	Parked          // as if it had never run anything, but its tenant's
	Removed         // closed; its container is being removed or is gone
)

var stateNames = [...]string{"creating", "warm", "running", "idle", "resetting", "parked", "removed"}

func (s State) String() string { return stateNames[s] }

// transitions lists where a cell may go from each state.
var transitions = map[State][]State{
	Creating:  {Warm, Removed},
	Warm:      {Running, Removed},
	Running:   {Idle, Removed},
	Idle:      {Running, Resetting, Removed},
	Resetting: {Parked, Removed},
	Parked:    {Running, Removed},
	Removed:   {},
}

// become is the one place where a cell's state changes.
func (c *Cell) become(next State) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !slices.Contains(transitions[c.state], next) {
		return fmt.Errorf("cell %s is %s and can't become %s", c.name, c.state, next)
	}
	c.state = next
	return nil
}

// State is where the cell is in its life now.
func (c *Cell) State() State {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.state
}
