package main

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
)

var ErrFunds = errors.New("insufficient funds")

type Account struct {
	mu      sync.Mutex
	balance int64
	open    bool
}

func Open(initial int64) *Account {
	if initial < 0 {
		return nil
	}
	return &Account{balance: initial, open: true}
}

func (a *Account) Deposit(amount int64) (int64, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.open {
		return 0, errors.New("account closed")
	}
	if a.balance+amount < 0 {
		return a.balance, fmt.Errorf("withdraw %d: %w", -amount, ErrFunds)
	}
	a.balance += amount
	return a.balance, nil
}

func (a *Account) Close() (int64, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.open {
		return 0, false
	}
	a.open = false
	return a.balance, true
}

func main() {
	acc := Open(1000)
	var failed atomic.Int64
	var wg sync.WaitGroup
	for i := 0; i < 100; i++ {
		wg.Add(1)
		go func(i int) {
			defer wg.Done()
			if _, err := acc.Deposit(int64(i%3) * -10); errors.Is(err, ErrFunds) {
				failed.Add(1)
			}
		}(i)
	}
	wg.Wait()
	rest, ok := acc.Close()
	fmt.Println(rest, ok, failed.Load())
	if _, err := acc.Deposit(1); err != nil {
		fmt.Println(err)
	}
	defer func() { fmt.Println("recovered:", recover()) }()
	var missing *Account
	missing.Deposit(1)
}
