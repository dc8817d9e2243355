package settings

import (
	"context"
	"fmt"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/config"
	"certdesk/certstore/delivering"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// ofNotify asks who is told of what. Trying it sends a message that says that it is a test.
var ofNotify = []asked{
	{key: "mail", label: "By mail", shape: asList, empty: "postmaster@example.org",
		hint: "Mail addresses with commas between; each gets a message of its own."},
	{key: "smtp", only: hasMail, label: "Mail server", empty: "the sendmail of this host",
		hint: "smtp://HOST:25 or smtps://HOST:465. Left empty: the queue of this host, which needs no certificate."},
	{key: "sendmail", only: hasNoSMTP, label: "Its program", empty: config.Sendmail,
		hint: "The program of the mail server here that takes mail."},
	{key: "from", only: hasMail, label: "From", empty: "certdesk at this server",
		hint: "The address that the messages come from."},
	{key: "user", only: hasSMTP, label: "Account there", empty: "none", hint: "Where that mail server wants one."},
	{key: "password_file", only: hasSMTP, label: "Password file", empty: "/etc/certdesk/smtp.password",
		hint: "A file that holds its password and nothing else; only root may write it."},
	{key: "webhook_file", label: "Webhook file", empty: "/etc/certdesk/chat.webhook",
		hint: "A file with an https address that is posted to: whoever reads such an address may post there."},
	{key: "webhook", label: "or address", shape: asSecret, empty: "none",
		hint: "The same here in the configuration, for all who read that. It is not shown again."},
	{key: "shape", only: hasHook, label: "Shape", shape: asChoice, hint: "What the listener takes.",
		options: options("", "certdesk's own JSON", "slack", "Slack, Mattermost", "teams",
			"Microsoft Teams, by a workflow", "matrix", "a room of Matrix", "discord", "Discord")},
	{key: "secret_file", only: hasJSON, label: "Signed with", empty: "nothing",
		hint: "A file with a secret: the listener checks by it who posts."},
	{key: "token_file", only: hasMatrix, label: "Token file", empty: "/etc/certdesk/matrix.token",
		hint: "A file with the access token of the account of Matrix that posts."},
	{key: "ca_file", only: hasTLS, label: "CA file", empty: "the system's roots",
		hint: "PEM certificates of the CA of that listener, or mail server."},
	{key: "command", label: "By command", shape: asCommand, empty: "/usr/local/bin/page",
		hint: "A program that gets the message as JSON on its standard input."},
	{key: "on", label: "Told of", shape: asList, empty: "everything",
		hint: "Left empty: all of " + strings.Join(config.Events, ", ") + "."},
	{key: "digest", label: "Digest", shape: asChoice,
		hint:    "How everything stands, without anything having happened.",
		options: options("", "once a month", "weekly", "once a week", "never", "never")},
}

// Which fields have something to ask, by what the others say.
func hasMail(value func(string) string) bool   { return value("mail") != "" }
func hasSMTP(value func(string) string) bool   { return hasMail(value) && value("smtp") != "" }
func hasNoSMTP(value func(string) string) bool { return hasMail(value) && value("smtp") == "" }
func hasHook(value func(string) string) bool   { return value("webhook")+value("webhook_file") != "" }
func hasJSON(value func(string) string) bool   { return hasHook(value) && value("shape") == "" }
func hasMatrix(value func(string) string) bool { return hasHook(value) && value("shape") == "matrix" }
func hasTLS(value func(string) string) bool    { return hasHook(value) || hasSMTP(value) }

func notifySetting(i int) setting {
	return setting{name: fmt.Sprintf("Told %d", i+1), table: "notify", at: i, asks: ofNotify,
		about: "Who is told of what expires, is revoked, not renewed, not served, or well again. The timer's run does it."}
}

// notifyRows are those who are told, and the way to another.
func notifyRows(f config.File) (list []row) {
	for i, n := range f.Config.Notify {
		var names []string
		for _, d := range delivering.Doors([]config.Notify{n}, "") {
			names = append(names, d.Name)
		}
		list = append(list, row{notifySetting(i), kit.Printable(strings.Join(names, ", ")),
			lineOf(f, config.Change{Table: "notify", At: i})})
	}
	return append(list, addRow(notifySetting(len(f.Config.Notify)), "who is told: by mail, chat or a command"))
}

// toldOf sends those of one section a test, and tells what became of it. One who cannot be told now may be saved: what
// is in the way may be elsewhere.
func toldOf(ctx context.Context, store *certstore.Store, n config.Notify) (list []trust.Finding) {
	onlyMail := true
	err := store.TryNotify(ctx, []config.Notify{n}, false, func(d certstore.Delivery) {
		onlyMail = onlyMail && d.Mail
		if d.Err != nil {
			text, hint := words.Failure(d.Err)
			list = append(list, finding(trust.Warning, kit.Printable(d.To)+" could not be told: "+
				strings.Join(words.NotEmpty(words.Stop(text), words.SentenceCase(hint)), " ")))
			return
		}
		list = append(list, finding(trust.Info, "A test was sent: "+kit.Printable(d.To)+", "+kit.Printable(d.Receipt)))
	})
	if onlyMail && err == nil {
		list = append(list, finding(trust.Info,
			"The certificate that is broken may be what stops the mail: add a webhook or a command beside it."))
	}
	return list
}
