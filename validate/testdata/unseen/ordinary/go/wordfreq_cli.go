package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"unicode"
)

func count(r io.Reader, freq map[string]int) error {
	sc := bufio.NewScanner(r)
	sc.Split(bufio.ScanWords)
	for sc.Scan() {
		w := strings.ToLower(strings.TrimFunc(sc.Text(), unicode.IsPunct))
		if w != "" {
			freq[w]++
		}
	}
	return sc.Err()
}

func main() {
	top := flag.Int("top", 10, "number of words to print")
	flag.Usage = func() {
		fmt.Fprintf(os.Stderr, "usage: %s [-top n] [file...]\n", os.Args[0])
		flag.PrintDefaults()
	}
	flag.Parse()

	freq := map[string]int{}
	if flag.NArg() == 0 {
		if err := count(os.Stdin, freq); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	for _, name := range flag.Args() {
		f, err := os.Open(name)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			continue
		}
		_ = count(f, freq)
		f.Close()
	}
	words := make([]string, 0, len(freq))
	for w := range freq {
		words = append(words, w)
	}
	sort.Slice(words, func(i, j int) bool { return freq[words[i]] > freq[words[j]] })
	for i := 0; i < *top && i < len(words); i++ {
		fmt.Printf("%6d %s\n", freq[words[i]], words[i])
	}
}
