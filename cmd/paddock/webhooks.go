package main

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"github.com/rs/zerolog"

	"paddock/anomalylog"
	"paddock/anomalylog/webhook"
)

// WebhookConfig is one who is told of security events.
type WebhookConfig struct {
	URL        string   `koanf:"url" secret:"path" help:"http or https"`
	Secret     string   `koanf:"secret" secret:"all" help:"signs what is sent"`
	SecretFile string   `koanf:"secret_file" help:"file that holds the secret, instead"`
	Format     string   `koanf:"format" help:"json, or slack"`
	Types      []string `koanf:"types" help:"of which events; empty for all"`
	Severities []string `koanf:"severities" help:"of how bad ones (low, medium, high); empty for all"`
}

// deadFile is the file for alerts that could not be delivered, in the state directory.
const deadFile = "webhooks-dead.jsonl"

// alerts are the dispatcher's options, without what is in files.
func (c *Config) alerts() (webhook.Options, error) {
	allow, err := prefixes("anomaly.webhook_allow", c.Anomaly.Allow)
	if err != nil {
		return webhook.Options{}, err
	}
	o := webhook.Options{Allow: allow, Window: c.Anomaly.Window, Dead: filepath.Join(c.StateDir, deadFile)}
	for _, name := range slices.Sorted(maps.Keys(c.Anomaly.Webhooks)) {
		w := c.Anomaly.Webhooks[name]
		if w.Secret != "" && w.SecretFile != "" {
			return webhook.Options{}, fmt.Errorf("anomaly.webhooks: %q has both a secret and a secret_file", name)
		}
		o.Targets = append(o.Targets, webhook.Target{
			Name: name, URL: w.URL, Secret: w.Secret, Format: webhook.Format(w.Format),
			Types: named[anomalylog.Type](w.Types), Severities: named[anomalylog.Severity](w.Severities),
		})
	}
	return o, nil
}

func named[T ~string](texts []string) (all []T) {
	for _, text := range texts {
		all = append(all, T(text))
	}
	return all
}

// newAlerts starts to tell webhooks of what it is told of.
func newAlerts(c Config, log zerolog.Logger) (*webhook.Dispatcher, error) {
	o, err := c.alerts()
	if err != nil {
		return nil, err
	}
	o.Log = log
	for i := range o.Targets {
		t := &o.Targets[i]
		path := c.Anomaly.Webhooks[t.Name].SecretFile
		if path == "" {
			continue
		}
		text, err := os.ReadFile(path) //nolint:gosec // the operator's own choice
		if err != nil {
			return nil, fmt.Errorf("anomaly.webhooks: %q: secret_file: %w", t.Name, err)
		}
		if t.Secret = string(bytes.TrimSpace(text)); t.Secret == "" {
			return nil, fmt.Errorf("anomaly.webhooks: %q: secret_file: %s is empty", t.Name, path)
		}
	}
	return webhook.New(o)
}
