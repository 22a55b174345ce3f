package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"paddock/patterns"
	"paddock/validate"
)

// The parts of SARIF 2.1.0 that findings need (docs.oasis-open.org/sarif/sarif/v2.1.0). What a part is for is explained there.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool       sarifTool     `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"version"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID            string          `json:"id"`
		Short         sarifMessage    `json:"shortDescription"`
		Help          sarifMessage    `json:"help"`
		Configuration sarifLevel      `json:"defaultConfiguration"`
		Properties    sarifProperties `json:"properties"`
	}
	sarifLevel struct {
		Level string `json:"level"`
	}
	sarifProperties struct {
		Tags []string `json:"tags"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifMessage    `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifMessage struct {
		Text string `json:"text"`
	}
	sarifLocation struct {
		Physical sarifPlace `json:"physicalLocation"`
	}
	sarifPlace struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn,omitempty"` // none is all of the line
	}
)

// sarifOf is a report of findings, with the rules that they are of.
func sarifOf(set *patterns.Set, findings []validate.Finding) sarifLog {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "paddock", Version: buildVersion(), Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints",
		Results:    []sarifResult{},
	}
	rules := &run.Tool.Driver.Rules
	for _, f := range findings {
		index := slices.IndexFunc(*rules, func(r sarifRule) bool { return r.ID == f.Rule })
		if index < 0 {
			index = len(*rules)
			*rules = append(*rules, sarifRuleOf(set, f))
		}
		run.Results = append(run.Results, sarifResult{
			RuleID: f.Rule, RuleIndex: index, Level: level(f.Severity), Message: sarifMessage{f.Message},
			Locations: []sarifLocation{{sarifPlaceOf(f)}},
		})
	}
	return sarifLog{Schema: "https://json.schemastore.org/sarif-2.1.0.json", Version: "2.1.0", Runs: []sarifRun{run}}
}

// sarifRuleOf is the rule that a finding is of. Where there is no such rule in the set, what the finding says has to do.
func sarifRuleOf(set *patterns.Set, f validate.Finding) sarifRule {
	message, severity := f.Message, f.Severity
	if r, ok := findRule(set, f.Rule); ok {
		message, severity = r.Message, r.Severity
	}
	help, tags := []string{message}, []string{"security", string(f.Category)}
	if f.CWE != 0 {
		help = append(help, fmt.Sprintf("CWE-%d: https://cwe.mitre.org/data/definitions/%[1]d.html", f.CWE))
		tags = append(tags, fmt.Sprintf("external/cwe/cwe-%d", f.CWE))
	}
	if len(f.References) > 0 {
		help = append(help, "Elsewhere: "+strings.Join(f.References, ", "))
	}
	return sarifRule{
		ID: f.Rule, Short: sarifMessage{message}, Help: sarifMessage{strings.Join(help, "\n")},
		Configuration: sarifLevel{level(severity)}, Properties: sarifProperties{tags},
	}
}

func level(s patterns.Severity) string {
	if s == patterns.Block {
		return "error"
	}
	return "warning"
}

// sarifPlaceOf is where a finding is. Line 1 stands for the whole file: tools that show findings in code want a line of each.
func sarifPlaceOf(f validate.Finding) sarifPlace {
	return sarifPlace{sarifArtifact{uriOf(f.File)}, sarifRegion{max(1, f.Line), f.Column}}
}

// uriOf is relative for what lies below the working directory: those who read the report have the files elsewhere.
func uriOf(file string) string {
	if !filepath.IsAbs(file) {
		return (&url.URL{Path: filepath.Clean(file)}).String()
	}
	if dir, err := os.Getwd(); err == nil {
		if below, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(below) {
			return uriOf(below)
		}
	}
	return (&url.URL{Scheme: "file", Path: file}).String()
}
