package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

func fetch(ctx context.Context, url string) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return io.Copy(io.Discard, resp.Body)
}

func main() {
	start := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	ch := make(chan string)
	for _, url := range os.Args[1:] {
		go func() {
			n, err := fetch(ctx, url)
			if errors.Is(err, context.DeadlineExceeded) {
				ch <- url + ": too slow"
				return
			}
			ch <- fmt.Sprintf("%.2fs %7d %s %v", time.Since(start).Seconds(), n, url, err)
		}()
	}
	for range os.Args[1:] {
		fmt.Println(<-ch)
	}
}
