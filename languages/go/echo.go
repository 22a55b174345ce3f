//go:build ignore

package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	for _, arg := range os.Args[1:] {
		fmt.Println("arg:", arg)
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		fmt.Println("stdin:", lines.Text())
	}
	os.Exit(3)
}
