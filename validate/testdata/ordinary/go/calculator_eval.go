package main

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

var operators = map[string]func(a, b float64) (float64, error){
	"+": func(a, b float64) (float64, error) { return a + b, nil },
	"-": func(a, b float64) (float64, error) { return a - b, nil },
	"*": func(a, b float64) (float64, error) { return a * b, nil },
	"/": func(a, b float64) (float64, error) {
		if b == 0 {
			return 0, errors.New("division by zero")
		}
		return a / b, nil
	},
}

// Eval computes an expression in reverse Polish notation.
func Eval(expr string) (float64, error) {
	var stack []float64
	for _, tok := range strings.Fields(expr) {
		op, ok := operators[tok]
		if !ok {
			x, err := strconv.ParseFloat(tok, 64)
			if err != nil {
				return 0, fmt.Errorf("bad token %q: %w", tok, err)
			}
			stack = append(stack, x)
			continue
		}
		if len(stack) < 2 {
			return 0, errors.New("stack underflow")
		}
		n := len(stack)
		x, err := op(stack[n-2], stack[n-1])
		if err != nil {
			return 0, err
		}
		stack = append(stack[:n-2], x)
	}
	if len(stack) != 1 {
		return 0, fmt.Errorf("%d values left", len(stack))
	}
	return stack[0], nil
}

func main() {
	for _, expr := range []string{"3 4 + 2 *", "1 0 /", "2 os.Exit *", "+"} {
		v, err := Eval(expr)
		if err != nil {
			fmt.Fprintln(os.Stderr, expr, "->", err)
			continue
		}
		fmt.Println(expr, "=", v)
	}
}
