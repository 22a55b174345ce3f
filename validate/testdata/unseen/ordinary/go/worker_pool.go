package main

import (
	"fmt"
	"math/rand"
	"sync"
	"time"
)

type job struct {
	id   int
	wait time.Duration
}

type result struct {
	job    job
	worker int
}

func worker(id int, jobs <-chan job, results chan<- result, wg *sync.WaitGroup) {
	defer wg.Done()
	for j := range jobs {
		time.Sleep(j.wait)
		results <- result{j, id}
	}
}

func main() {
	jobs := make(chan job, 100)
	results := make(chan result, 100)
	var wg sync.WaitGroup
	for w := 1; w <= 3; w++ {
		wg.Add(1)
		go worker(w, jobs, results, &wg)
	}
	for i := 0; i < 10; i++ {
		jobs <- job{i, time.Duration(rand.Intn(20)) * time.Millisecond}
	}
	close(jobs)
	go func() {
		wg.Wait()
		close(results)
	}()
	for r := range results {
		fmt.Printf("job %d by worker %d after %v\n", r.job.id, r.worker, r.job.wait)
	}
}
