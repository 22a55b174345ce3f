package validate

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"paddock/patterns"
)

// Finding is a danger pattern that was found.
type Finding struct {
	Rule       string            `json:"rule" doc:"Which rule" example:"py.exec.os-system"`
	Severity   patterns.Severity `json:"severity" enum:"block,warn" doc:"Whether the code is refused for it"`
	Category   patterns.Category `json:"category" doc:"What kind of danger" example:"process_exec"`
	Message    string            `json:"message" doc:"What was found, and what to do instead"`
	File       string            `json:"file" doc:"In which file; empty for what is in none" example:"main.py"`
	Line       int               `json:"line" doc:"Line, from 1; 0 for what is in no line"`
	Column     int               `json:"column" doc:"Column, from 1, in characters"`
	Excerpt    string            `json:"excerpt" doc:"The line, or the part of it around the place"`
	CWE        int               `json:"cwe,omitempty" doc:"Number of the weakness (cwe.mitre.org)" example:"78"`
	References []string          `json:"references,omitempty" doc:"The same danger in other tools" example:"[\"bandit:B605\"]"`
}

// String is a finding in one line: where, what and which rule.
func (f Finding) String() string {
	if f.File == "" {
		return fmt.Sprintf("%s (%s)", f.Message, f.Rule)
	}
	return fmt.Sprintf("%s:%d:%d: %s (%s)", f.File, f.Line, f.Column, f.Message, f.Rule)
}

// How much of a program a report repeats.
const (
	maxPerRule = 10  // findings of one rule in one file
	maxInAll   = 200 // findings of a report, blocking ones first
	maxExcerpt = 120 // bytes
)

// Report is what was found in a program.
type Report struct {
	Findings []Finding // blocking ones first, then by file and place
}

// Blocked reports whether the code must be refused.
func (r Report) Blocked() bool {
	return len(r.Findings) > 0 && r.Findings[0].Severity == patterns.Block
}

// Split is the blocking findings and the warnings.
func (r Report) Split() (blocking, warnings []Finding) {
	i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Severity != patterns.Block })
	if i < 0 {
		return r.Findings, nil
	}
	return r.Findings[:i:i], r.Findings[i:]
}

// report puts findings in order. files are in the order of the request, and the findings of each in the order of its text.
func report(findings []Finding) Report {
	type once struct {
		file, rule   string
		line, column int
	}
	seen := map[once]bool{} // a file may have been looked at as more than one language
	findings = slices.DeleteFunc(findings, func(f Finding) bool {
		at := once{f.File, f.Rule, f.Line, f.Column}
		again := seen[at] && f.Line > 0
		seen[at] = true
		return again
	})
	slices.SortStableFunc(findings, func(a, b Finding) int { return rank(a) - rank(b) })
	return Report{Findings: findings[:min(len(findings), maxInAll)]}
}

func rank(f Finding) int {
	if f.Severity == patterns.Block {
		return 0
	}
	return 1
}

// findings are what a file's matches are under a policy, in the order of the text; one of a rule in each line.
func findings(file File, matches []match, policy patterns.Policy) []Finding {
	slices.SortStableFunc(matches, func(a, b match) int { return a.start - b.start })
	type once struct {
		rule string
		line int
	}
	var list []Finding
	seen := map[once]bool{}
	line, counted := 1, 0
	for _, m := range matches {
		line += bytes.Count(file.Data[counted:m.start], []byte("\n"))
		counted = m.start
		severity := policy.Severity(m.rule.Rule)
		if severity == patterns.Off || seen[once{m.rule.ID, line}] {
			continue
		}
		seen[once{m.rule.ID, line}] = true
		list = append(list, Finding{
			Rule: m.rule.ID, Severity: severity, Category: m.rule.Category, Message: m.rule.Message,
			File: file.Name, Line: line, Column: column(file.Data[:m.start]), Excerpt: excerpt(file.Data, m.start),
			CWE: m.rule.CWE, References: m.rule.References,
		})
	}
	return list
}

// tooLarge is the finding about more code than is read. It is no policy's to let it pass.
func (v *Validator) tooLarge(size int64, policy patterns.Policy) Finding {
	f, _ := v.builtin(patterns.CodeSize, fmt.Sprintf("The code has %d bytes, at most %d are allowed.", size, v.o.MaxCode), policy)
	return f
}

// column is the column, from 1 and in characters, of what comes behind text.
func column(text []byte) int {
	return 1 + utf8.RuneCount(text[bytes.LastIndexByte(text, '\n')+1:])
}

// excerpt is the line around an offset, cut to maxExcerpt, with nothing in it that could do harm to a terminal or a log.
func excerpt(src []byte, at int) string {
	begin := bytes.LastIndexByte(src[:at], '\n') + 1
	end := len(src)
	if i := bytes.IndexByte(src[at:], '\n'); i >= 0 {
		end = at + i
	}
	if end-begin > maxExcerpt {
		begin = max(begin, at-maxExcerpt/4)
		end = min(end, begin+maxExcerpt)
	}
	line := strings.ToValidUTF8(string(src[begin:end]), "\uFFFD")
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return ' '
		case !unicode.IsPrint(r):
			return '\uFFFD'
		}
		return r
	}, line))
}
