// Package sandbox runs one program at a time in a cell: a container with our agent as its PID 1.
//
// A Pool makes cells, through an Engine, and keeps some ready; there are never more than it may have, those on their way in
// and out included. Whoever gets a cell from it closes it, and a cell that has run something never goes back. Pool.Close
// closes the rest and returns when nothing of them is left, or its context ends.
//
// Cell.Run returns when the program has ended, no process of it is left and all of its output has been written on, or
// when the cell is given up. Limits and counts are the host's; of what the agent says only the program's own end is believed.
package sandbox
