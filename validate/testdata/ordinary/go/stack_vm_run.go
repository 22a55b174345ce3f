package main

import "fmt"

type opcode byte

const (
	push opcode = iota
	add
	mul
	jmpIfZero
	jmp
	load
	store
	syscallOp
	halt
)

type instr struct {
	op  opcode
	arg int
}
type machine struct {
	stack  []int
	memory [16]int
	pc     int
}

func (m *machine) pop() int {
	v := m.stack[len(m.stack)-1]
	m.stack = m.stack[:len(m.stack)-1]
	return v
}
func (m *machine) syscall(n int) {
	if n == 1 {
		fmt.Println(m.pop())
	}
}
func (m *machine) exec(program []instr) {
	for {
		in := program[m.pc]
		m.pc++
		switch in.op {
		case push:
			m.stack = append(m.stack, in.arg)
		case add:
			m.stack = append(m.stack, m.pop()+m.pop())
		case mul:
			m.stack = append(m.stack, m.pop()*m.pop())
		case load:
			m.stack = append(m.stack, m.memory[in.arg])
		case store:
			m.memory[in.arg] = m.pop()
		case jmpIfZero:
			if m.pop() == 0 {
				m.pc = in.arg
			}
		case jmp:
			m.pc = in.arg
		case syscallOp:
			m.syscall(in.arg)
		case halt:
			return
		}
	}
}
func main() {
	program := []instr{{push, 5}, {store, 0}, {push, 1}, {store, 1}, {load, 0}, {jmpIfZero, 15}, {load, 0}, {load, 1}, {mul, 0}, {store, 1}, {load, 0}, {push, -1}, {add, 0}, {store, 0}, {jmp, 4}, {load, 1}, {syscallOp, 1}, {halt, 0}}
	(&machine{}).exec(program)
}
