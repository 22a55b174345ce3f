package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
	"paddock/anomalylog/webhook"
)

// All sources can give webhooks; one that goes over another replaces it whole.
func TestWebhooksInEverySource(t *testing.T) {
	want := map[string]WebhookConfig{"ops": {URL: "https://a.example/x", Types: []string{"QUARANTINED"}, Severities: []string{"high"}}}
	const text = `{"ops": {"url": "https://a.example/x", "types": ["QUARANTINED"], "severities": "high"}}`
	file := yamlFile(t, "anomaly:\n  webhooks:\n    ops:\n      url: https://a.example/x\n      types: [QUARANTINED]\n      severities: [high]\n")
	for name, c := range map[string]struct{ environ, args []string }{
		"file":     {nil, []string{"--config", file}},
		"variable": {[]string{"PADDOCK_ANOMALY_WEBHOOKS=" + text}, nil},
		"flag":     {nil, []string{"--anomaly.webhooks", text}},
		"YAML":     {nil, []string{"--anomaly.webhooks=ops: {url: https://a.example/x, types: QUARANTINED, severities: [high]}"}},
		"over": {[]string{"PADDOCK_ANOMALY_WEBHOOKS=" + text},
			[]string{"--config", yamlFile(t, "anomaly: {webhooks: {ops: {secret: x}, other: {url: 'https://b.example'}}}")}},
	} {
		c, err := loadArgs(t, c.environ, c.args...)
		require.NoError(t, err, name)
		assert.Equal(t, want, c.Anomaly.Webhooks, name)
	}
}

func TestBadWebhooksAreErrorsThatShowNoSecret(t *testing.T) {
	for text, wants := range map[string]string{
		"anomaly: {webhooks: {ops: {url: 'https://a.example', hmac: T0K3N}}}":                    "hmac",
		"anomaly: {webhooks: {ops: {secret: T0K3N}}}":                                            `anomaly.webhooks: "ops": url`,
		"anomaly: {webhooks: {ops: {url: 'ftp://a.example/T0K3N'}}}":                             "neither https:// nor http://",
		"anomaly: {webhooks: {ops: {url: 'http://10.0.0.1/T0K3N'}}}":                             "webhook_allow",
		"anomaly: {webhooks: {ops: {url: 'https://a.example', format: text, secret: T0K3N}}}":    "[json slack]",
		"anomaly: {webhooks: {ops: {url: 'https://a.example', types: [X], secret: T0K3N}}}":      "CODE_BLOCKED",
		"anomaly: {webhooks: {ops: {url: 'https://a.example', severities: [X], secret: T0K3N}}}": "[low medium high]",
		"anomaly: {webhooks: {ops: {url: 'https://a.example', secret: T0K3N, secret_file: /x}}}": "both",
		"anomaly: {webhooks: {O.PS: {url: 'https://a.example', secret: T0K3N}}}":                 "small letters",
		"anomaly: {webhooks: '{ops: {secret: T0K3N'}":                                            "YAML or JSON",
		"anomaly: {webhooks: 'T0K3N'}":                                                           "YAML or JSON",
		"anomaly: {webhooks: {ops: https://a.example/T0K3N}}":                                    "anomaly.webhooks[ops]",
		"anomaly: {webhooks: {ops: {url: [T0K3N, T0K3N]}}}":                                      "url",
		"anomaly: {webhook_allow: [all]}":                                                        `anomaly.webhook_allow: "all"`,
		"anomaly: {webhook_allow: ['::ffff:10.0.0.0/104']}":                                      "anomaly.webhook_allow",
		"anomaly: {webhook_window: -1s}":                                                         "anomaly.webhook_window",
	} {
		_, err := loadArgs(t, nil, "--config", yamlFile(t, text))
		require.ErrorContains(t, err, wants, text)
		assert.NotContains(t, err.Error(), "T0K3N")
	}
}

func TestPrintedWebhooksShowNoSecret(t *testing.T) {
	const text = "anomaly: {webhooks: {ops: {url: 'https://hooks.example:8443/T0K3N?x=T0K3N', secret: T0K3N, types: [CODE_BLOCKED, QUARANTINED]}}}"
	c, err := loadArgs(t, nil, "--config", yamlFile(t, text))
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, writeConfig(&out, c))
	assert.NotContains(t, out.String(), "T0K3N")
	back, err := loadArgs(t, nil, "--config", yamlFile(t, out.String()))
	require.NoError(t, err, out.String())
	masked := WebhookConfig{URL: "https://hooks.example:8443/xxxxx", Secret: "xxxxx", Types: []string{"CODE_BLOCKED", "QUARANTINED"}}
	assert.Equal(t, map[string]WebhookConfig{"ops": masked}, back.Anomaly.Webhooks)
}

// The guide's example is read as it stands.
func TestOperationsGuideShowsWebhooks(t *testing.T) {
	text, err := os.ReadFile("../../docs/operations.md")
	require.NoError(t, err)
	_, rest, ok := strings.Cut(string(text), "```yaml\nanomaly:\n")
	require.True(t, ok)
	body, _, _ := strings.Cut(rest, "```")
	c, err := loadArgs(t, nil, "--config", yamlFile(t, "anomaly:\n"+body))
	require.NoError(t, err)
	assert.Len(t, c.Anomaly.Webhooks, 2)
}

// hook is a receiver, with what a configuration must say to have it called.
func hook(t *testing.T, secretFile string) (AnomalyConfig, <-chan *http.Request) {
	t.Helper()
	got := make(chan *http.Request, 100)
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		got <- r
	}))
	t.Cleanup(s.Close)
	return AnomalyConfig{
		Webhooks: map[string]WebhookConfig{"ops": {URL: s.URL, SecretFile: secretFile, Types: []string{"CODE_BLOCKED"}}},
		Allow:    []string{"127.0.0.0/8"}, Window: time.Hour,
	}, got
}

// wantAlert is what came, when its signature is right.
func wantAlert(t *testing.T, r *http.Request) (m struct {
	Repeated int
	Anomaly  struct {
		Type string
		User string `json:"user_id"`
	}
}) {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	require.NoError(t, err)
	require.NoError(t, webhook.Verify("sesame", r.Header.Get(webhook.SignatureHeader), body, time.Now(), time.Minute))
	require.NoError(t, json.Unmarshal(body, &m))
	return m
}

func TestSecretFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "secret")
	c := defaults()
	c.StateDir = dir
	var got <-chan *http.Request
	c.Anomaly, got = hook(t, path)
	_, err := newAlerts(c, zerolog.Nop())
	require.ErrorContains(t, err, path)
	require.NoError(t, os.WriteFile(path, []byte("\n"), 0o600))
	_, err = newAlerts(c, zerolog.Nop())
	require.ErrorContains(t, err, "is empty")
	require.NoError(t, os.WriteFile(path, []byte("sesame\n"), 0o600))
	alerts, err := newAlerts(c, zerolog.Nop())
	require.NoError(t, err)
	alerts.Notify(anomalylog.Event{Type: anomalylog.CodeBlocked})
	require.NoError(t, alerts.Close(t.Context()))
	wantAlert(t, <-got)
}

// A refused program makes an alert; what the log is told last, and what has been counted, is told before the server is gone.
func TestAlertsOfAServer(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte("sesame\n"), 0o600))
	var got <-chan *http.Request
	s := looking(t, func(c *Config) { c.Anomaly, got = hook(t, secret) })
	for range 3 {
		assert.Equal(t, http.StatusForbidden, s.python(t, shellOut, object{"user_id": "mallory"}).Status)
	}
	first := wantAlert(t, <-got)
	assert.Equal(t, "CODE_BLOCKED", first.Anomaly.Type)
	assert.Equal(t, "mallory", first.Anomaly.User)
	assert.Zero(t, first.Repeated)
	require.NoError(t, s.stop())
	assert.Equal(t, 2, wantAlert(t, <-got).Repeated)
	assert.Empty(t, got)
	assert.NoFileExists(t, filepath.Join(s.config.StateDir, deadFile))
}
