package main

import "fmt"

type celsius float64
type fahrenheit float64

func (c celsius) fahrenheit() fahrenheit {
	return fahrenheit(c*9/5 + 32)
}

const line = "======================="

func drawTable(hdr1, hdr2 string, rows int, getRow func(row int) (string, string)) {
	fmt.Println(line)
	fmt.Printf("| %8s | %8s |\n", hdr1, hdr2)
	fmt.Println(line)
	for row := 0; row < rows; row++ {
		c1, c2 := getRow(row)
		fmt.Printf("| %8s | %8s |\n", c1, c2)
	}
	fmt.Println(line)
}

func main() {
	drawTable("°C", "°F", 15, func(row int) (string, string) {
		c := celsius(row*5 - 40)
		return fmt.Sprintf("%.1f", c), fmt.Sprintf("%.1f", c.fahrenheit())
	})
}
