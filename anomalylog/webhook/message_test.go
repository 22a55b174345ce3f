package webhook

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"paddock/anomalylog"
)

func slack(t *testing.T, d delivery) string {
	t.Helper()
	body, err := Target{Format: Slack}.body("id", d, time.Now())
	require.NoError(t, err)
	var m map[string]string
	require.NoError(t, json.Unmarshal(body, &m), "%s", body)
	require.Len(t, m, 1)
	return m["text"]
}

func TestSlack(t *testing.T) {
	e := event(anomalylog.CodeBlocked, "a@b.example")
	want := "*CODE_BLOCKED* (medium): 3 more, the last one:\n" +
		"timestamp: `2026-11-21T15:04:05.000Z`\ntype: `CODE_BLOCKED`\nuser_id: `a@\u200bb.example`\n" +
		"details: `{\"a\":2,\"z\":\"1\"}`\nseverity: `medium`\nip: `192.0.2.1`\nrequest_id: `r`"
	assert.Equal(t, want, slack(t, delivery{event: e, repeated: 3}))
	assert.True(t, strings.HasPrefix(slack(t, delivery{event: e}), "*CODE_BLOCKED* (medium)\n"))
}

func TestSlackTricks(t *testing.T) {
	e := event(anomalylog.CodeBlocked, "<!here> & <!channel>")
	e.ProjectID = "@channel @here @everyone <@U123> <https://evil.example|click> `*bold*`\n*type*: forged"
	e.Details = anomalylog.Details{"<!channel>": "`x` <!here>"}
	text := slack(t, delivery{event: e})
	for _, trick := range []string{"<", ">", "@c", "@h", "@e", "@U", "\n*"} {
		assert.NotContains(t, text, trick)
	}
	assert.Contains(t, text, "user_id: `&lt;!here&gt; &amp; &lt;!channel&gt;`")
	assert.Contains(t, text, `details: `+"`"+`{"&lt;!channel&gt;":"'x' &lt;!here&gt;"}`+"`")
}

// Whatever users put into a text: it is one value, in code, and nothing that Slack acts on.
func FuzzSlack(f *testing.F) {
	for _, s := range []string{"", "ada", "<!here>", "`", "@channel", "a\nb", "\xff&amp;", strings.Repeat("&", 10_000), "\u202e\x1b[2J"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e := anomalylog.Event{Type: anomalylog.CodeBlocked, UserID: s, Details: anomalylog.Details{s: s, "list": []string{s}}, RunID: s}
		text := slack(t, delivery{event: e})
		require.True(t, utf8.ValidString(text))
		require.Less(t, len(text), 40_000)
		require.NotContains(t, text, "<")
		require.NotContains(t, text, ">")
		for i, part := range strings.Split(text, "@") {
			require.True(t, i == 0 || strings.HasPrefix(part, "\u200b"), "%q", text)
		}
		for i, part := range strings.Split(text, "&") {
			ok := strings.HasPrefix(part, "amp;") || strings.HasPrefix(part, "lt;") || strings.HasPrefix(part, "gt;")
			require.True(t, i == 0 || ok, "%q", text)
		}
		for i, line := range strings.Split(text, "\n") {
			require.True(t, i == 0 || strings.Count(line, "`") == 2 && strings.HasSuffix(line, "`"), "%q", line)
		}
	})
}

func TestTheLongestValuesAreCut(t *testing.T) {
	e := event(anomalylog.CodeBlocked, strings.Repeat("ü", 150))
	e.Details = anomalylog.Details{}
	for _, key := range strings.Split("abcdefghij", "") {
		e.Details[key] = strings.Repeat("ü", 100)
	}
	text := slack(t, delivery{event: e})
	assert.Less(t, len(text), 5*maxValue)
	assert.True(t, utf8.ValidString(text))
	assert.Contains(t, text, "ü...`")
}
