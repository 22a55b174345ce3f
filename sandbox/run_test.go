package sandbox

import (
	"io"
	"time"
)

func command() Command {
	return Command{Argv: []string{"true"}, Stdout: io.Discard, Stderr: io.Discard, Limits: Limits{Memory: 1 << 20, Processes: 5, CPUPercent: 100},
		Wall: 5 * time.Second, CPU: 5 * time.Second, Grace: 5 * time.Second}
}
