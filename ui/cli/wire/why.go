package wire

import (
	"certdesk/certstore"
	"certdesk/certstore/answering"
	"certdesk/certstore/enabling"
	"certdesk/certstore/printable"
	"certdesk/ui/words"
)

// Why is the answer to a caller's question.
type Why struct {
	Question string            `json:"question"`
	Host     string            `json:"host,omitempty"`
	Domain   string            `json:"domain,omitempty"`
	Client   string            `json:"client,omitempty"`
	Symptom  answering.Symptom `json:"symptom,omitempty"`
	Asked    bool              `json:"asked"`   // the network was
	Verdict  answering.Verdict `json:"verdict"` // "certificate", "fine", "nobody", "unknown"
	Text     string            `json:"text"`
	Cause    *WhyFault         `json:"cause"`
	At       string            `json:"at,omitempty"` // the place that decided it
	Covers   []WhyEntry        `json:"covers"`       // what has the name, the one that would serve first
	Places   []WhyPlace        `json:"places"`
	Tell     string            `json:"tell"`
	Next     string            `json:"next"`
}

// WhyFault is what clients mind somewhere.
type WhyFault struct {
	Symptom answering.Symptom `json:"symptom"`
	Text    string            `json:"text"`
	Grave   bool              `json:"grave"` // clients are turned away or warned
}

// WhyEntry is an entry that has a name.
type WhyEntry struct {
	ID           int64   `json:"id"`
	Thumbprint   string  `json:"thumbprint"`
	FriendlyName string  `json:"friendlyName"`
	NotAfter     *string `json:"notAfter"`
}

// WhyPlace is one place that a question leads to.
type WhyPlace struct {
	Way     answering.Way     `json:"way"`
	URL     string            `json:"url"`
	Host    string            `json:"host,omitempty"`
	Via     []string          `json:"via,omitempty"` // what redirected there
	Outcome answering.Outcome `json:"outcome"`
	Text    string            `json:"text,omitempty"`
	Passed  bool              `json:"passed,omitempty"` // a client does not come this far
	MTASTS  string            `json:"mtaSts,omitempty"` // the mode of the policy
	Faults  []WhyFault        `json:"faults"`
	Serves  []Port            `json:"serves,omitempty"`
}

// WhyOf is an answer.
func WhyOf(y words.Why) Why {
	_, text := y.Verdict()
	out := Why{Question: printable.Text(y.Answer.Text), Host: printable.Text(y.Host), Domain: printable.Text(y.Domain),
		Client: string(y.Client), Symptom: y.Symptom, Asked: y.Asked, Verdict: y.Answer.Verdict, Text: text, Tell: y.Tell(),
		Next: y.Next(),
		Covers: each(y.Covers, func(e certstore.Entry) WhyEntry {
			return WhyEntry{e.ID, e.Thumbprint, printable.Text(e.FriendlyName), timeOf(e.NotAfter)}
		}),
		Places: each(y.Answer.Places, func(p answering.Place) WhyPlace { return placeOf(p, y) })}
	if y.Cause != nil {
		f := faultOf(*y.Cause)
		out.Cause = &f
	}
	if y.At != nil {
		out.At = y.At.URL
	}
	return out
}

func faultOf(f answering.Fault) WhyFault { return WhyFault{f.Symptom, printable.Text(f.Text), f.Grave} }

func placeOf(p answering.Place, y words.Why) WhyPlace {
	return WhyPlace{Way: p.Way, URL: p.URL, Host: printable.Text(p.Host), Via: p.Via, Outcome: p.Outcome,
		Text: printable.Text(p.Text), Passed: p.Passed, MTASTS: printable.Text(p.STS), Faults: each(p.Faults(y.Now), faultOf),
		Serves: each(p.Answers, func(a enabling.Answer) Port { return portOf(a.Report, y.Now) })}
}
