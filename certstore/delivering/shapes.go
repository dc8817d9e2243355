package delivering

import (
	"encoding/json"
	"strings"
)

// shapes are the bodies that webhooks take. In those of chat tools all text stands where nothing in it is markup: a
// certificate's name must not call a whole channel.
var shapes = map[string]func(Letter) ([]byte, error){
	"json":    func(l Letter) ([]byte, error) { return json.Marshal(l.Data) },
	"slack":   slack,
	"teams":   teams,
	"matrix":  matrix,
	"discord": discord,
}

// What the tools take of one message, in characters, with room for the rest of the body.
const (
	mostSlack   = 3500  // of 4,000 that it recommends
	mostDiscord = 1900  // of 2,000
	mostTeams   = 20000 // of 28 KB
	mostMatrix  = 40000 // of 64 KB
)

// slack is what Slack and Mattermost take. The characters that Slack reads as markup are escaped as it wants them.
func slack(l Letter) ([]byte, error) {
	text := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(fenced(l, mostSlack))
	return json.Marshal(map[string]any{"text": text, "unfurl_links": false})
}

// discord is what Discord takes; nobody is mentioned, whatever the text says.
func discord(l Letter) ([]byte, error) {
	return json.Marshal(map[string]any{"content": fenced(l, mostDiscord), "flags": 4,
		"allowed_mentions": map[string]any{"parse": []string{}}})
}

// teams is an adaptive card, which workflows of Microsoft Teams take. Runs of text know no markup.
func teams(l Letter) ([]byte, error) {
	line := func(text string, more map[string]any) map[string]any {
		run := map[string]any{"type": "TextRun", "text": text}
		for key, value := range more {
			run[key] = value
		}
		return map[string]any{"type": "RichTextBlock", "inlines": []any{run}}
	}
	body := []any{line(l.Subject, map[string]any{"weight": "Bolder", "size": "Medium"})}
	for part := range strings.SplitSeq(cut(l.Text, mostTeams), "\n\n") {
		if part = strings.Trim(part, "\n"); part != "" {
			body = append(body, line(part, map[string]any{"fontType": "Monospace"}))
		}
	}
	return json.Marshal(map[string]any{"type": "message", "attachments": []any{map[string]any{
		"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": nil,
		"content": map[string]any{"$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard",
			"version": "1.4", "msteams": map[string]any{"width": "Full"}, "body": body}}}})
}

// matrix is the content of an m.room.message of Matrix. Without a formatted body it is text alone; a notice is answered
// by no bot.
func matrix(l Letter) ([]byte, error) {
	return json.Marshal(map[string]any{"msgtype": "m.notice", "body": l.Subject + "\n\n" + cut(l.Text, mostMatrix),
		"m.mentions": map[string]any{}})
}

// fenced is subject and text between the signs in which nothing is markup, and which no text can leave.
func fenced(l Letter, most int) string {
	text := cut(l.Subject+"\n\n"+l.Text, most)
	return "```\n" + strings.ReplaceAll(strings.TrimRight(text, "\n"), "`", "'") + "\n```"
}

// cut leaves out the lines that are too many, and says so.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	text = strings.ToValidUTF8(text[:most], "")
	if end := strings.LastIndexByte(text, '\n'); end > 0 {
		text = text[:end]
	}
	return text + "\n... more: certdesk check\n"
}
