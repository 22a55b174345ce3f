package main

import (
	"fmt"
	"net/http"
	"os"
	"testing"

	"github.com/dlclark/regexp2"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if err := stopShared(); err != nil {
		fmt.Fprintln(os.Stderr, "stop the shared server:", err)
		code = 1
	}
	client.CloseIdleConnections()
	http.DefaultClient.CloseIdleConnections() // paddock run --server
	if os.Getenv(varPodman) != "" {
		if c, err := observer(); err == nil {
			c.Close()
		}
	}
	regexp2.StopTimeoutClock() // it ends by itself, some time after the last check of code
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, "goroutines left behind:", err)
		code = 1
	}
	os.Exit(code)
}

// stopShared ends the shared server, if a test has started it, and removes its directory.
func stopShared() error {
	if os.Getenv(varPodman) == "" || !sharedStarted.Load() {
		return nil
	}
	s, err := shared()
	if err != nil {
		return nil // the tests have said so
	}
	defer func() { _ = os.RemoveAll(s.config.StateDir) }()
	return s.stop()
}
