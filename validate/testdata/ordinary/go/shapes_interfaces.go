package main

import (
	"fmt"
	"math"
	"reflect"
	"unsafe"
)

type Shape interface {
	Area() float64
	Perimeter() float64
}

type Circle struct{ R float64 }

func (c Circle) Area() float64      { return math.Pi * c.R * c.R }
func (c Circle) Perimeter() float64 { return 2 * math.Pi * c.R }
func (c Circle) String() string     { return fmt.Sprintf("circle of radius %g", c.R) }

type Rect struct{ W, H float64 }

func (r Rect) Area() float64      { return r.W * r.H }
func (r Rect) Perimeter() float64 { return 2 * (r.W + r.H) }

type Square struct{ Rect }

func describe(s Shape) string {
	switch v := s.(type) {
	case Circle:
		return v.String()
	case Square:
		return "square " + fmt.Sprint(v.W)
	default:
		return reflect.TypeOf(s).Name()
	}
}

func main() {
	for _, s := range []Shape{Circle{2}, Rect{3, 4}, Square{Rect{5, 5}}} {
		fmt.Printf("%-20s %6.2f %6.2f\n", describe(s), s.Area(), s.Perimeter())
	}
	// How big are they? Alignment and padding, lesson 12.
	var x struct {
		a bool
		b int64
		c bool
	}
	fmt.Println(unsafe.Sizeof(x), unsafe.Offsetof(x.b), unsafe.Alignof(x.b), unsafe.Sizeof(Rect{}))
	t := reflect.TypeOf(Rect{})
	for i := 0; i < t.NumField(); i++ {
		fmt.Println(t.Field(i).Name, t.Field(i).Type)
	}
}
