package main

import (
	"fmt"
	"os"
	"strings"
)

var numerals = []struct {
	value int
	sign  string
}{
	{1000, "M"}, {900, "CM"}, {500, "D"}, {400, "CD"}, {100, "C"}, {90, "XC"},
	{50, "L"}, {40, "XL"}, {10, "X"}, {9, "IX"}, {5, "V"}, {4, "IV"}, {1, "I"},
}

func ToRoman(n int) (string, error) {
	if n < 1 || n > 3999 {
		return "", fmt.Errorf("%d is out of range", n)
	}
	var sb strings.Builder
	for _, num := range numerals {
		for n >= num.value {
			sb.WriteString(num.sign)
			n -= num.value
		}
	}
	return sb.String(), nil
}

func FromRoman(s string) (n int) {
	for _, num := range numerals {
		for strings.HasPrefix(s, num.sign) {
			n += num.value
			s = s[len(num.sign):]
		}
	}
	return n
}

func main() {
	tests := []struct {
		in   int
		want string
		fail bool
	}{
		{1, "I", false}, {4, "IV", false}, {1994, "MCMXCIV", false}, {3999, "MMMCMXCIX", false},
		{0, "", true}, {4000, "", true},
	}
	failed := 0
	for _, tc := range tests {
		got, err := ToRoman(tc.in)
		if got != tc.want || (err != nil) != tc.fail {
			fmt.Printf("FAIL ToRoman(%d) = %q, %v; want %q\n", tc.in, got, err, tc.want)
			failed++
		}
		if err == nil && FromRoman(got) != tc.in {
			failed++
		}
	}
	fmt.Printf("%d tests, %d failed\n", len(tests), failed)
	if failed > 0 {
		os.Exit(1)
	}
}
