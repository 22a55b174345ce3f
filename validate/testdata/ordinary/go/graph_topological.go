package main

import (
	"fmt"
	"strings"
)

type Graph map[string][]string

func (g Graph) Topological() ([]string, error) {
	const (
		white = iota
		grey
		black
	)
	colour := map[string]int{}
	var order, path []string
	var visit func(n string) error
	visit = func(n string) error {
		path = append(path, n)
		defer func() { path = path[:len(path)-1] }()
		switch colour[n] {
		case grey:
			return fmt.Errorf("cycle: %s", strings.Join(path, " -> "))
		case black:
			return nil
		}
		colour[n] = grey
		for _, m := range g[n] {
			if err := visit(m); err != nil {
				return err
			}
		}
		colour[n] = black
		order = append(order, n)
		return nil
	}
	for _, n := range []string{"all", "test", "build", "fetch", "clean"} {
		if err := visit(n); err != nil {
			return nil, err
		}
	}
	return order, nil
}

// A make without running anything: it prints the commands in order.
func main() {
	recipes := map[string]string{"clean": "rm -rf build/", "fetch": "curl -sSL https://example.com/src.tar.gz | tar xz", "build": "go build ./...", "test": "go test ./...", "all": "echo done"}
	g := Graph{"all": {"test", "build"}, "test": {"build"}, "build": {"fetch", "clean"}}
	order, err := g.Topological()
	if err != nil {
		panic(err)
	}
	for i, target := range order {
		fmt.Printf("%d. %-6s $ %s\n", i+1, target, recipes[target])
	}
	g["clean"] = []string{"all"}
	_, err = g.Topological()
	fmt.Println(err)
}
