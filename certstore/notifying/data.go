package notifying

import (
	"time"

	"certdesk/certstore/printable"
)

// Data is a message as programs are given it: the body of a webhook of the shape json, the standard input of a command.
type Data struct {
	ID      string     `json:"id"` // the same where it comes once more
	Server  string     `json:"server"`
	Time    time.Time  `json:"time"`
	Test    bool       `json:"test"`
	Subject string     `json:"subject"`
	Text    string     `json:"text"`
	Digest  string     `json:"digest,omitempty"`
	Items   []DataItem `json:"items"`
}

// DataItem is one matter.
type DataItem struct {
	Event        string     `json:"event"` // recovered, where it is well again
	Again        bool       `json:"again"` // it was told before
	What         string     `json:"what"`
	Name         string     `json:"name"`
	Thumbprint   string     `json:"thumbprint,omitempty"`
	SHA256       string     `json:"sha256,omitempty"`
	Names        []string   `json:"names,omitempty"`
	Status       string     `json:"status,omitempty"`
	Reason       string     `json:"reason"`
	NotAfter     *time.Time `json:"notAfter,omitempty"`
	Ports        []string   `json:"ports"`
	Next         string     `json:"next,omitempty"`
	Command      string     `json:"command,omitempty"`
	Recovered    string     `json:"recovered,omitempty"` // the event that is over
	Urgent       bool       `json:"urgent"`              // clients are hurt, or will be within a week
	FriendlyName string     `json:"friendlyName,omitempty"`
}

// Data is the message for programs.
func (m Message) Data() Data {
	d := Data{ID: m.ID, Server: printable.Text(m.server), Time: m.facts.Now.UTC(), Subject: m.Subject(), Text: m.Text(),
		Digest: m.Digest, Items: []DataItem{}}
	for n, i := range m.Items {
		if n == mostLines {
			break // the text says how many there are
		}
		d.Items = append(d.Items, dataOf(i))
	}
	return d
}

func dataOf(i Item) DataItem {
	d := DataItem{Event: i.Key.Event, Again: i.Again, What: i.What, Name: i.Name, Reason: i.Reason, Next: i.Next,
		Command: i.Command, Ports: append([]string{}, i.Ports...),
		Urgent: !i.Over && (i.hurts || i.Level >= levelUrgent)}
	if i.Over {
		d.Event, d.Recovered = Recovered, i.Key.Event
	}
	if e := i.Entry; e != nil {
		d.FriendlyName, d.Thumbprint, d.SHA256 = e.FriendlyName, e.Thumbprint, e.SHA256
		d.Names, d.Status = e.Names, e.Verdict.Word
		if !e.NotAfter.IsZero() {
			end := e.NotAfter.UTC()
			d.NotAfter = &end
		}
	}
	return d
}

// Test is the message that tries the way to a receiver.
func Test(t Target, server string, now time.Time, id string) Data {
	server = printable.Text(server)
	d := Data{ID: id, Server: server, Time: now.UTC(), Test: true, Items: []DataItem{},
		Subject: "a test: you would be told (certdesk, " + server + ")"}
	d.Text = "This is a test, and nothing has happened.\n\n" + indented("To", printable.Text(t.Name))
	for n, event := range t.On {
		label := ""
		if n == 0 {
			label = "Told of"
		}
		d.Text += indented(label, event)
	}
	d.Text += indented("Digest", t.Digest) + "\n-- \nSent by certdesk on " + server +
		", since somebody tried [[notify]] of its configuration.\n"
	return d
}
