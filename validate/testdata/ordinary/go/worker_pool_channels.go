package main

import (
	"context"
	"fmt"
	"sync"
	"time"
)

type job struct{ id, n int }

type result struct {
	job
	primes int
}

func countPrimes(n int) (count int) {
next:
	for i := 2; i <= n; i++ {
		for d := 2; d*d <= i; d++ {
			if i%d == 0 {
				continue next
			}
		}
		count++
	}
	return
}

func worker(ctx context.Context, jobs <-chan job, results chan<- result) {
	for {
		select {
		case <-ctx.Done():
			return
		case j, ok := <-jobs:
			if !ok {
				return
			}
			results <- result{j, countPrimes(j.n)}
		}
	}
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	jobs, results := make(chan job), make(chan result)
	var wg sync.WaitGroup
	for i := 0; i < 4; i++ {
		wg.Add(1)
		go func() {
			defer wg.Done()
			worker(ctx, jobs, results)
		}()
	}
	go func() {
		for i := 1; i <= 10; i++ {
			jobs <- job{i, i * 100}
		}
		close(jobs)
		wg.Wait()
		close(results)
	}()
	total := 0
	for r := range results {
		total += r.primes
	}
	fmt.Println("total", total)
}
