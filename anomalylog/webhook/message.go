package webhook

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	json "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// message is what a target of the format JSON gets.
type message struct {
	DeliveryID string         `json:"delivery_id"`
	SentAt     string         `json:"sent_at"` // RFC 3339, when it was first tried
	Repeated   int            `json:"repeated"`
	Anomaly    jsontext.Value `json:"anomaly"` // as it stands in the log
}

// body is what is sent, the same in each try.
func (t Target) body(id string, d delivery, now time.Time) ([]byte, error) {
	anomaly, err := json.Marshal(d.event)
	if err != nil {
		return nil, err
	}
	if t.Format == Slack {
		text, err := slackText(d, anomaly)
		if err != nil {
			return nil, err
		}
		return json.Marshal(map[string]string{"text": text})
	}
	return json.Marshal(message{
		DeliveryID: id, SentAt: now.UTC().Format("2006-01-02T15:04:05.000Z"), Repeated: d.repeated, Anomaly: anomaly,
	})
}

// slackText is an anomaly, a member of its object on each line. Values, which users control, are shown as code, in which nothing
// is formatted, linked or mentioned. Ten of the longest values are far from the 40 000 characters that Slack takes.
func slackText(d delivery, anomaly jsontext.Value) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "*%s* (%s)", d.event.Type, d.event.Severity)
	if d.repeated > 0 {
		fmt.Fprintf(&b, ": %d more, the last one:", d.repeated)
	}
	in := jsontext.NewDecoder(bytes.NewReader(anomaly))
	if _, err := in.ReadToken(); err != nil { // the object's beginning
		return "", err
	}
	for {
		name, err := in.ReadToken()
		if err == nil && name.Kind() == '}' {
			return b.String(), nil
		}
		key := name.String() // before what it is read from is read over
		value, wrong := in.ReadValue()
		if err := errors.Join(err, wrong); err != nil {
			return "", err
		}
		text := value.String()
		if value.Kind() == '"' {
			if err := json.Unmarshal(value, &text); err != nil {
				return "", err
			}
		}
		if text != "" {
			fmt.Fprintf(&b, "\n%s: `%s`", key, escape(text))
		}
	}
}

// maxValue is how many bytes of a value Slack is shown.
const maxValue = 500

// escaper writes Slack's three control characters as it wants them
// (https://docs.slack.dev/messaging/formatting-message-text#escaping), and takes away what would end code. Others that read Slack's
// shape look for an @: behind it stands a space of no width.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "`", "'", "@", "@\u200b", "\n", " ", "\r", " ")

// escape makes a text fit to stand in Slack's code.
func escape(s string) string {
	if len(s) > maxValue {
		s = strings.ToValidUTF8(s[:maxValue], "") + "..."
	}
	return escaper.Replace(strings.ToValidUTF8(s, string(utf8.RuneError)))
}
