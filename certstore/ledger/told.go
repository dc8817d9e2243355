package ledger

import (
	"slices"
	"strings"
	"time"

	"certdesk/certstore/printable"
)

// Matter is what people are told of: an event of an entry, or of a port that is no entry's.
type Matter struct {
	Event string `json:"event"`
	Entry int64  `json:"entry,omitempty"`
	Port  string `json:"port,omitempty"`
}

// ToldOf is one matter of a message.
type ToldOf struct {
	Matter
	Level int    `json:"level,omitempty"` // how bad it is: what gets worse is told again
	Over  bool   `json:"over,omitempty"`  // it is well again, or gone
	What  string `json:"what"`            // with its name: "mail 2026 expires in 20 days"
}

// Told is what one receiver was told, or could not be. It is written after the message has left: of a process that dies
// between the two the next one sends it again, since a message too many is better than none.
type Told struct {
	To     string   `json:"to"`     // for people, without anything secret: "postmaster@example.org by mail"
	Target string   `json:"target"` // the same for certdesk: a sum
	ID     string   `json:"id,omitempty"`
	Items  []ToldOf `json:"items,omitempty"`
	Digest string   `json:"digest,omitempty"` // the period that it is the digest of: 2026-11, 2026-W48
	Failed string   `json:"failed,omitempty"` // why it was not delivered
	Silent bool     `json:"silent,omitempty"` // nothing was sent: what is over, and nobody wants to hear of
}

// ToldMark is when a receiver was told last of a matter, and as how bad.
type ToldMark struct {
	At    time.Time
	Level int
	Over  bool
}

// Receiver is what the journal knows of one who is told.
type Receiver struct {
	To     string
	Marks  map[Matter]ToldMark
	Digest string    // the last one
	At     time.Time // when something was delivered last; zero for never
	Failed string    // why nothing is since; "" where the last delivery went well
	Since  time.Time // since when
}

// forgetOver is how long it is remembered that something is over: what comes back within a day is not told at once.
const forgetOver = 8 * 24 * time.Hour

// told folds a line about what somebody was told. Receivers are replaced and never changed: others may have them.
func (st *State) told(p Line) {
	t := p.data.Told
	if t == nil || t.Target == "" {
		st.senseless(p)
		return
	}
	r := Receiver{Marks: map[Matter]ToldMark{}}
	if old := st.Receivers[t.Target]; old != nil {
		r = *old
		r.Marks = map[Matter]ToldMark{}
		for m, mark := range old.Marks {
			if !mark.Over || p.Time.Sub(mark.At) < forgetOver {
				r.Marks[m] = mark
			}
		}
	}
	r.note(*t, p.Time)
	st.Receivers[t.Target] = &r
}

func (r *Receiver) note(t Told, at time.Time) {
	r.To = t.To
	switch {
	case t.Failed != "":
		if r.Failed == "" {
			r.Since = at
		}
		r.Failed = t.Failed
		return
	case !t.Silent:
		r.At, r.Failed, r.Since = at, "", time.Time{}
	}
	if t.Digest != "" {
		r.Digest = t.Digest
	}
	for _, of := range t.Items {
		mark := ToldMark{At: at, Level: of.Level, Over: of.Over}
		if of.Over {
			mark.At, mark.Level = r.Marks[of.Matter].At, r.Marks[of.Matter].Level
		}
		r.Marks[of.Matter] = mark
	}
}

// text is what was done, whoever wrote the line.
func (t *Told) text() string {
	if t == nil {
		return "told somebody of something"
	}
	var list []string
	if t.Digest != "" {
		list = append(list, "the digest of "+t.Digest)
	}
	for i, of := range t.Items {
		if i == 5 && len(t.Items) > 6 {
			list = append(list, printable.Count(len(t.Items)-5, "matter")+" more")
			break
		}
		list = append(list, of.What)
	}
	if len(list) == 0 {
		list = []string{"a test"}
	}
	what := strings.Join(list, "; ")
	switch {
	case t.Silent:
		return "has no more to tell " + t.To + " of: " + what
	case t.Failed != "":
		return "could not tell " + t.To + ": " + t.Failed + "; it was: " + what
	}
	return "told " + t.To + ": " + what
}

// clean passes the texts of a line through printable again.
func (t *Told) clean() {
	if t == nil {
		return
	}
	for _, text := range []*string{&t.To, &t.Target, &t.ID, &t.Digest, &t.Failed} {
		*text = printable.Text(*text)
	}
	t.Items = slices.Clone(t.Items)
	for i := range t.Items {
		of := &t.Items[i]
		of.Event, of.Port, of.What = printable.Text(of.Event), printable.Text(of.Port), printable.Text(of.What)
	}
}
