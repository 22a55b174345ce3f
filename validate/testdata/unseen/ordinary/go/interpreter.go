package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

type env map[string]float64

type node interface {
	eval(e env) (float64, error)
}

type num float64
type ref string
type binary struct {
	op   string
	l, r node
}

func (n num) eval(env) (float64, error) { return float64(n), nil }

func (v ref) eval(e env) (float64, error) {
	x, ok := e[string(v)]
	if !ok {
		return 0, fmt.Errorf("undefined: %s", string(v))
	}
	return x, nil
}

func (b binary) eval(e env) (float64, error) {
	l, err := b.l.eval(e)
	if err != nil {
		return 0, err
	}
	r, err := b.r.eval(e)
	if err != nil {
		return 0, err
	}
	switch b.op {
	case "+":
		return l + r, nil
	case "*":
		return l * r, nil
	}
	return 0, errors.New("unknown operator " + b.op)
}

func parse(tokens []string) (node, []string) {
	t := tokens[0]
	if t == "+" || t == "*" {
		l, rest := parse(tokens[1:])
		r, rest := parse(rest)
		return binary{t, l, r}, rest
	}
	if f, err := strconv.ParseFloat(t, 64); err == nil {
		return num(f), tokens[1:]
	}
	return ref(t), tokens[1:]
}

func main() {
	n, _ := parse(strings.Fields("+ 1 * x 3"))
	fmt.Println(n.eval(env{"x": 4}))
	fmt.Println(n.eval(env{}))
}
