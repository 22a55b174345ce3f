package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
)

func count(r io.Reader) map[string]int {
	counts := make(map[string]int)
	scanner := bufio.NewScanner(r)
	scanner.Split(bufio.ScanWords)
	for scanner.Scan() {
		word := strings.ToLower(strings.Trim(scanner.Text(), ".,;:!?\"'()"))
		if word != "" {
			counts[word]++
		}
	}
	return counts
}

func main() {
	top := flag.Int("n", 10, "how many words to print")
	flag.Usage = func() {
		fmt.Fprintf(os.Stderr, "usage: %s [-n N] [file]\n", os.Args[0])
		flag.PrintDefaults()
	}
	flag.Parse()
	in := io.Reader(os.Stdin)
	if name := flag.Arg(0); name != "" {
		f, err := os.Open(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		defer f.Close()
		in = f
	}
	counts := count(in)
	words := make([]string, 0, len(counts))
	for w := range counts {
		words = append(words, w)
	}
	sort.Slice(words, func(i, j int) bool {
		if counts[words[i]] != counts[words[j]] {
			return counts[words[i]] > counts[words[j]]
		}
		return words[i] < words[j]
	})
	for i := 0; i < len(words) && i < *top; i++ {
		fmt.Printf("%6d %s\n", counts[words[i]], words[i])
	}
}
