// Graceful shutdown: a queue server stops when it is told to.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"
)

type server struct {
	queue chan string
	done  sync.WaitGroup
}

func (s *server) serve(ctx context.Context) {
	defer s.done.Done()
	for {
		select {
		case req := <-s.queue:
			fmt.Println("handled", req)
		case <-ctx.Done():
			for {
				select {
				case req := <-s.queue:
					fmt.Println("drained", req)
				default:
					return
				}
			}
		}
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	ctx, cancel := context.WithTimeout(ctx, 50*time.Millisecond)
	defer cancel()

	s := &server{queue: make(chan string, 10)}
	s.done.Add(1)
	go s.serve(ctx)
	for i := 0; i < 5; i++ {
		s.queue <- fmt.Sprintf("request %d of process %t", i, os.Getpid() > 0)
	}
	<-ctx.Done()
	s.done.Wait()
	fmt.Println("bye:", ctx.Err())
}
