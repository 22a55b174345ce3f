package main

import (
	"os"
	"strings"
	"text/template"
	"time"
)

type Item struct {
	Name  string
	Price float64
	Count int
}

func (i Item) Total() float64 { return i.Price * float64(i.Count) }

const invoice = `INVOICE {{.Number | printf "%05d"}} of {{.Date.Format "2 January 2006"}}
{{range $i, $item := .Items}}{{inc $i}}. {{pad $item.Name}} {{printf "%8.2f" $item.Total}}
{{else}}nothing bought
{{end}}{{with .Note}}Note: {{. | upper}}{{end}}
`

func main() {
	funcs := template.FuncMap{
		"inc":   func(i int) int { return i + 1 },
		"upper": strings.ToUpper,
		"pad":   func(s string) string { return s + strings.Repeat(".", 20-len(s)) },
	}
	tmpl, err := template.New("invoice").Funcs(funcs).Parse(invoice)
	if err != nil {
		panic(err)
	}
	data := struct {
		Number int
		Date   time.Time
		Items  []Item
		Note   string
	}{
		Number: 42,
		Date:   time.Date(2024, time.March, 1, 0, 0, 0, 0, time.UTC),
		Items:  []Item{{"fork", 2.5, 6}, {"shell", 10, 1}, {"socket", 0.99, 12}},
		Note:   "please execute payment soon",
	}
	if err := tmpl.Execute(os.Stdout, data); err != nil {
		panic(err)
	}
}
