package ledger

import (
	"fmt"
	"slices"

	"certdesk/certstore/printable"
)

// Published is what a line says of a certificate in a directory.
type Published struct {
	Directory
	SHA256 string `json:"sha256"`
	Gone   bool   `json:"gone,omitempty"` // it was taken out, or was to be
	Why    string `json:"why,omitempty"`  // it could not be done yet: one sentence
}

// Directory is an attribute of an entry of a directory.
type Directory struct {
	URL   string `json:"url"`
	Entry string `json:"entry"`
	Kind  string `json:"attribute"`
}

// String names it for people.
func (d Directory) String() string { return printable.Text(d.Kind + " of " + d.Entry + " at " + d.URL) }

// publish folds a line about a directory. What could not be done is kept with its reason until it is.
func (st *State) publish(p Line) {
	now := p.data.Published
	if now == nil {
		st.Problems = append(st.Problems, fmt.Sprintf("line %d of the journal (%s) names no directory", p.Line,
			printable.Text(p.Op)))
		return
	}
	same := func(o Published) bool { return o.Directory == now.Directory && o.SHA256 == now.SHA256 }
	st.Unpublished = slices.DeleteFunc(st.Unpublished, same)
	if now.Why != "" {
		st.Unpublished = append(st.Unpublished, *now)
		return
	}
	st.Published = slices.DeleteFunc(st.Published, same)
	if !now.Gone {
		st.Published = append(st.Published, *now)
	}
}

// publishText says for history what a line about a directory did.
func publishText(p Line, who string) string {
	d := p.data.Published
	if d == nil {
		return printable.Text(p.Op) + " " + who
	}
	if who == "" {
		who = "a certificate that is no longer here"
	}
	switch {
	case d.Why != "" && d.Gone:
		return "could not take " + who + " out of " + d.String() + " yet: " + printable.Text(d.Why)
	case d.Why != "":
		return "could not publish " + who + " in " + d.String() + " yet: " + printable.Text(d.Why)
	case d.Gone:
		return "took " + who + " out of " + d.String()
	}
	return "published " + who + " in " + d.String()
}
