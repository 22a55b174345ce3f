package main

import (
	"encoding/csv"
	"fmt"
	"os"
	"strconv"
	"time"
)

// Buchung ist eine Zeile im Kassenbuch.
type Buchung struct {
	Datum  time.Time
	Text   string
	Betrag float64
}

func lesen(datei string) ([]Buchung, error) {
	f, err := os.Open(datei)
	if err != nil {
		return nil, fmt.Errorf("kassenbuch: %w", err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma = ';'
	zeilen, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	var alle []Buchung
	for nr, z := range zeilen[1:] {
		datum, err := time.Parse("02.01.2006", z[0])
		if err != nil {
			return nil, fmt.Errorf("Zeile %d: %v", nr+2, err)
		}
		betrag, _ := strconv.ParseFloat(z[2], 64)
		alle = append(alle, Buchung{datum, z[1], betrag})
	}
	return alle, nil
}

func main() {
	buchungen, err := lesen("kasse.csv")
	if err != nil {
		fmt.Fprintln(os.Stderr, "Fehler:", err)
		os.Exit(1)
	}
	var summe float64
	for _, b := range buchungen {
		summe += b.Betrag
		fmt.Printf("%s %-30s %10.2f %10.2f\n", b.Datum.Format(time.DateOnly), b.Text, b.Betrag, summe)
	}
}
