package daemontest

import (
	"fmt"
	"net/mail"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// Mailboxes is a Postfix that keeps what comes for anybody at MailDomain.
type Mailboxes struct {
	*Daemon
	Sendmail string // its own program that takes mail
	dir      string
}

// MailDomain is the domain of the mailboxes.
const MailDomain = "mailboxes.test"

// nobody owns the mailboxes.
const nobody = 65534

// PostfixWithMailboxes runs one.
func PostfixWithMailboxes(t testing.TB, p Pair) *Mailboxes {
	t.Helper()
	m := &Mailboxes{dir: filepath.Join(dir(t, "mail"), "mail")}
	more := fmt.Sprintf("\nvirtual_mailbox_domains = %s\nvirtual_mailbox_base = %s\nvirtual_mailbox_maps = static:all/"+
		"\nvirtual_uid_maps = static:%d\nvirtual_gid_maps = static:%d\nvirtual_minimum_uid = 1\n", MailDomain, m.dir,
		nobody, nobody)
	if os.Geteuid() == 0 {
		if err := os.Chown(m.dir, nobody, nobody); err != nil {
			t.Fatal(err)
		}
	}
	m.Daemon = Postfix(t, p, func(file, text string) string {
		if file == "main.cf" {
			return text + more
		}
		return text
	})
	m.Sendmail = filepath.Join(m.Dir, "sendmail")
	write(t, m.Sendmail, "#!/bin/sh\nexec /usr/sbin/sendmail -C "+m.Config+" \"$@\"\n")
	if err := os.Chmod(m.Sendmail, 0o755); err != nil {
		t.Fatal(err)
	}
	return m
}

// Received waits for so many messages, and a moment for one more, and gives them in the order of their arrival.
func (m *Mailboxes) Received(t testing.TB, want int) (list []*mail.Message) {
	t.Helper()
	var files []string
	until(15*time.Second, func() bool {
		files, _ = filepath.Glob(filepath.Join(m.dir, "all", "new", "*"))
		return len(files) >= want
	})
	time.Sleep(100 * time.Millisecond)
	files, _ = filepath.Glob(filepath.Join(m.dir, "all", "new", "*"))
	if len(files) != want {
		log, _ := os.ReadFile(m.Log)
		t.Fatalf("%d messages, want %d\n%s", len(files), want, log)
	}
	slices.Sort(files)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		message, err := mail.ReadMessage(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, message)
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	return list
}
