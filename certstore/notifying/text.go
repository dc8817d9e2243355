package notifying

import (
	"fmt"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/when"
)

// What a message holds of many: whole paragraphs of the first, a line each of more, a number of the rest. Ten thousand
// certificates at once are one message that mail servers take.
const (
	mostWhole = 20
	mostLines = 200
	mostNames = 4
	mostPorts = 12
	wide      = 76 // characters of a line; commands are never broken
	mostName  = 60 // characters of a name in a subject
)

// Subject says which certificate, and what.
func (m Message) Subject() string {
	said := "digest of " + m.Digest
	switch n := len(m.Items); {
	case n == 1:
		i := m.Items[0]
		said = shortName(i.Name) + " " + i.What
		if i.Again {
			said = "still: " + said
		}
	case n > 1:
		said = m.counted()
	}
	return said + " (certdesk, " + printable.Text(m.server) + ")"
}

// counted says how many of each: "12 certificates expire, 1 port is not served as it should be".
func (m Message) counted() string {
	count := map[string]int{}
	for _, i := range m.Items {
		count[kind(i)]++
	}
	var list []string
	for _, of := range []struct{ kind, one, more string }{
		{Revoked, "is revoked", "are revoked"},
		{NotServed, "is not served as it should be", "are not served as they should be"},
		{"expired", "has expired", "have expired"}, {Expiring, "expires soon", "expire soon"},
		{RenewalFailed, "is not renewed", "are not renewed"}, {Recovered, "is well again", "are well again"},
	} {
		if n := count[of.kind]; n > 0 {
			list = append(list, fmt.Sprintf("%d %s", n, printable.Agree(n, of.one, of.more)))
		}
	}
	return "certificates: " + strings.Join(list, ", ")
}

func kind(i Item) string {
	switch {
	case i.Over:
		return Recovered
	case i.Key.Event == Expiring && i.Level == levelOver:
		return "expired"
	}
	return i.Key.Event
}

func shortName(name string) string {
	if r := []rune(name); len(r) > mostName {
		return string(r[:mostName]) + "..."
	}
	return name
}

// Text is the message: each matter with its verdict, its ports and what to do, then the digest, then who says so.
func (m Message) Text() string {
	var b strings.Builder
	for n, i := range m.Items {
		switch {
		case n < mostWhole:
			b.WriteString(m.paragraph(i))
		case n < mostLines:
			b.WriteString(head(i) + "\n")
		case n == mostLines:
			fmt.Fprintf(&b, "... and %d more: certdesk check\n", len(m.Items)-n)
		}
	}
	if len(m.Items) > mostWhole {
		b.WriteString("\n")
	}
	if m.Digest != "" {
		b.WriteString(m.facts.digest(m.Digest))
	}
	b.WriteString("-- \nSent by certdesk on " + printable.Text(m.server) + " as [[notify]] says, " +
		when.Minute(m.facts.Now) + ".\nHow it stands now: certdesk check\n")
	return b.String()
}

// head is a matter in a line.
func head(i Item) string {
	text := i.Name + " " + i.What
	if i.Again {
		text += ", still"
	}
	return printable.Text(text)
}

func (m Message) paragraph(i Item) string {
	var b strings.Builder
	b.WriteString(head(i) + "\n\n")
	field := func(label, value string) {
		if value != "" {
			b.WriteString(indented(label, printable.Text(value)))
		}
	}
	if e := i.Entry; e != nil {
		if !i.Over {
			field("Status", e.Verdict.Word)
		}
		field("Reason", i.Reason)
		field("Certificate", names.ShownIn(e.Subject)+", "+e.Short())
		field("Names", few(e.Names))
		if e.Kind == ledger.Certificate {
			field("Valid until", when.Minute(e.NotAfter.In(m.facts.Now.Location())))
		}
		field("Services", strings.Join(e.Services.Names(), ", "))
	} else {
		field("Reason", i.Reason)
	}
	for n, port := range i.Ports {
		if n == mostPorts {
			field("", fmt.Sprintf("and %d more: certdesk test", len(i.Ports)-n))
			break
		}
		label := ""
		if n == 0 {
			label = "Ports"
		}
		field(label, port)
	}
	if !i.Over {
		field("Next", i.Next)
		if i.Command != "" {
			b.WriteString("  " + fmt.Sprintf("%-12s", "Command") + i.Command + "\n")
		}
	}
	return b.String() + "\n"
}

// few are the first of some names, and how many there are beside them.
func few(list []string) string {
	var shown []string
	for i, name := range list {
		if i == mostNames {
			return strings.Join(shown, ", ") + fmt.Sprintf(" and %d more", len(list)-i)
		}
		shown = append(shown, names.Shown(name))
	}
	return strings.Join(shown, ", ")
}

// indented is a value behind its label, broken at blanks.
func indented(label, value string) string {
	var b strings.Builder
	line := fmt.Sprintf("  %-12s", label)
	empty := len(line)
	for _, word := range strings.Fields(value) {
		switch {
		case len(line) == empty:
			line += word
		case len([]rune(line))+1+len([]rune(word)) > wide:
			b.WriteString(line + "\n")
			line = strings.Repeat(" ", empty) + word
		default:
			line += " " + word
		}
	}
	return b.String() + line + "\n"
}
