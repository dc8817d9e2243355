package importing

import (
	"path/filepath"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/importing"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// importOptions are the fields a person may change before something is imported.
type importOptions struct {
	name     *form.Text
	export   *form.Switch
	services *form.Row
	called   string // the name it gets if nothing else is said: the entry's, the file's, or the common name
	before   certstore.Services
	attach   bool
}

// foundForm shows what was found and what will become of it.
func (s *importScreen) foundForm() *form.Form {
	f := s.group.Found
	if s.options == nil {
		s.options = s.newOptions()
	}
	o := s.options
	o.attach = f.Action == importing.Exists
	note := form.NewNote("found", "", "What the file holds, and what certdesk will do with it. Nothing has been stored "+
		"yet.",
		s.foundLines)
	do := form.NewButton("do", "", "").Saying(func() (text, hint string) { return s.foundVerb(), s.foundHint() })
	return form.New(note, s.fetchButton(), o.name, o.export, o.services, do).Hide(s.foundHidden)
}

// newOptions are what a person may change, as it stands before anybody did.
func (s *importScreen) newOptions() *importOptions {
	f := s.group.Found
	o := &importOptions{before: s.wantedBefore(), called: f.Leaf.FriendlyName}
	o.name = form.NewText("name", "Friendly name", o.called).
		With("How you will find it in the table. 1 to 64 characters; empty: the name shown in grey.", kit.Printable(o.called))
	o.export = exportSwitch(f.Raises)
	o.services = words.ServiceRow(o.before)
	return o
}

// exportSwitch asks whether the key may leave; here says that it is in the store already, as one that may not.
func exportSwitch(here bool) *form.Switch {
	hint := "The file holds a private key. To turn this on later, import the file again."
	if here {
		hint = "The key is here, but not exportable. Its file lets you change that; the history says who did."
	}
	return form.NewSwitch("export", "Exportable", "may be exported", "otherwise certdesk does not export it",
		false).With(hint, nil)
}

// foundHidden leaves out what this import cannot change. Of a certificate that is here only a file with its key may
// change what was said of it.
func (s *importScreen) foundHidden(id string) bool {
	f := s.group.Found
	switch {
	case id == "found", id == "do":
		return false
	case id == "fetch":
		return len(s.missing()) == 0
	case id == "export":
		return f.Action != importing.Adds && !f.Raises
	}
	return f.Action == importing.Exists && !f.BringsKey
}

func (s *importScreen) wantedBefore() certstore.Services {
	if s.group.Found.Existing.ID != 0 {
		return s.group.Found.Existing.Wanted
	}
	return s.group.Found.Leaf.Wanted
}

func (s *importScreen) foundVerb() string {
	switch f := s.group.Found; {
	case f.Action == importing.Completes:
		return "Complete the request"
	case s.nothingNew():
		return "Show it in the table"
	case f.Action == importing.Exists:
		return "Add what is new"
	}
	return "Import"
}

func (s *importScreen) foundHint() string {
	if s.nothingNew() {
		return "Nothing is stored: it is all there."
	}
	return "Keeps it in the store."
}

// nothingNew says that the certificate is in the store with all that the files hold, and nothing was changed here.
func (s *importScreen) nothingNew() bool {
	f := s.group.Found
	return f.Action == importing.Exists && len(f.Attachable) == 0 && !s.options.changed()
}

// onlyRaises says that all the files can still change is whether the key may leave: whoever brings them again wants
// that.
func (s *importScreen) onlyRaises() bool {
	f := s.group.Found
	return f.Action == importing.Exists && f.Raises && len(f.Attachable) == 0
}

func (s *importScreen) foundTitle() string {
	switch f := s.group.Found; f.Action {
	case importing.Completes:
		return "The answer to your request " + words.Title(f.Existing)
	case importing.Reissue:
		return "A new certificate for a key that is in the store"
	case importing.Exists:
		return "This certificate is here already"
	}
	return "A certificate with its key"
}

// missing are the addresses of what the chains lack.
func (s *importScreen) missing() (list []string) {
	for _, g := range s.groups {
		list = append(list, g.Fetchable()...)
	}
	return list
}

func (s *importScreen) foundLines(st theme.Styles, w int) []string {
	return foundLines(st, s.group, s.d.Now(), w)
}

// foundLines is what the files were found to hold: the certificate, the verdict, and what is missing.
func foundLines(st theme.Styles, g importing.Group, now time.Time, w int) []string {
	out := holdsLines(st, g, w)
	f := g.Found
	glyph, style := words.LookOfWord(&st, f.Leaf.Verdict.Word)
	out = append(out, words.Signed(*style, glyph, verdictText(f.Leaf), w)...)
	for _, finding := range f.Leaf.Verdict.Findings {
		told := strings.HasSuffix(f.Leaf.Verdict.Reason, finding.Text) // the worst one, where nothing else is wrong
		if finding.Severity != trust.Info && !told {
			out = append(out, words.Signed(words.SeverityStyle(st, finding.Severity),
				words.SeverityGlyph(st, finding.Severity), finding.Text, w)...)
		}
	}
	for _, gap := range f.Gaps {
		text := gap.String()
		if f.Leaf.Verdict.Status == trust.Untrusted { // the verdict has named the cause
			text = "The missing certificate: " + gap.Where()
		}
		out = append(out, words.Signed(st.Warn, st.Glyphs.Warn, text, w)...)
	}
	for _, text := range f.Notes {
		out = append(out, words.Signed(st.Muted, st.Glyphs.Dot, text, w)...)
	}
	return append(append(out, ""), words.Labelled(st, foundFacts(f, now), w)...)
}

// holdsLines say of each file what is in it.
func holdsLines(st theme.Styles, g importing.Group, w int) (out []string) {
	for _, h := range g.Holds {
		for _, line := range kit.Wrap(kit.Printable(filepath.Base(h.From)+": "+h.Words), w) {
			out = append(out, st.Text.Render(line))
		}
	}
	if len(out) > 0 {
		out = append(out, "")
	}
	return out
}

// verdictText is the verdict's word and its reason.
func verdictText(e certstore.Entry) string {
	switch word, why := e.Verdict.Word, e.Verdict.Reason; {
	case why == "":
		return word
	case strings.HasPrefix(why, word): // "valid until ..." says it already
		return why
	}
	return e.Verdict.Word + ": " + e.Verdict.Reason
}

func foundFacts(f importing.Found, now time.Time) []wizard.Fact {
	e := f.Leaf
	facts := []wizard.Fact{
		{Label: "Subject", Value: words.SubjectOrName(e)},
		{Label: "Names", Value: strings.Join(words.NameTexts(e.Names), ", ")},
		{Label: "Issuer", Value: words.Issuer(e)},
		{Label: "Valid until", Value: words.Day(e.NotAfter, now)},
		{Label: "Key", Value: keyWords(f)},
	}
	if f.Action == importing.Exists {
		facts = append(facts, wizard.Fact{Label: "New in it", Value: attachWords(f.Attachable)})
	}
	return facts
}

func keyWords(f importing.Found) string {
	switch {
	case f.BringsKey:
		return "in what you chose"
	case f.Action == importing.Adds:
		return "none"
	}
	return "in the store"
}

func attachWords(list []string) string {
	if len(list) == 0 {
		return "nothing; there is nothing to do"
	}
	return strings.Join(list, ", ")
}

// changed says whether a person changed anything.
func (o *importOptions) changed() bool {
	if o == nil {
		return false
	}
	name := strings.TrimSpace(o.name.Value())
	return o.export.On() || name != "" && name != o.called || words.ServicesOf(o.services.On) != o.before
}

// fill gives a group the answers; what was not touched stays what it was.
func (o *importOptions) fill(g importing.Group) importing.Group {
	g.Attach = o.attach
	g.Exportable = o.export.On()
	if name := strings.TrimSpace(o.name.Value()); name != o.called {
		g.FriendlyName = name
	}
	if now := words.ServicesOf(o.services.On); now != o.before {
		g.Wanted = &now
	}
	return g
}

// doneForm says what became of it and what to do next.
func (s *importScreen) doneForm() *form.Form {
	return form.New(form.NewNote("done", "", "Enter goes to the table, to this row.", s.doneLines))
}

func (s *importScreen) doneLines(st theme.Styles, w int) []string {
	e := s.done
	glyph, style := words.LookOfWord(&st, e.Verdict.Word)
	out := words.Labelled(st, []wizard.Fact{
		{Label: "Name", Value: words.Title(e)},
		{Label: "Thumbprint", Value: e.Thumbprint},
		{Label: "Valid until", Value: words.Day(e.NotAfter, s.d.Now())},
		{Label: "Services", Value: words.UseWords(e)},
	}, w)
	out = append(out, "")
	out = append(out, words.Signed(*style, glyph, verdictText(e), w)...)
	for _, text := range s.completed {
		out = append(out, words.Signed(st.Good, st.Glyphs.Good, text, w)...)
	}
	if old, ok := s.d.Entry(e.RenewalOf); ok {
		out = append(out, words.RenewalLines(st, certstore.Compare(old, e), w)...)
	}
	out = append(out, "")
	next := importNext(e)
	if s.enables() && e.Verdict.Status != trust.Untrusted {
		next = "e enables it now: its services are looked at, and nothing is touched before you say so."
	}
	return append(out, words.Signed(st.Accent, st.Glyphs.Cursor, next, w)...)
}

func importNext(e certstore.Entry) string {
	switch {
	case e.Verdict.Status == trust.Untrusted:
		return "Next: " + words.Stop(words.InDesk(certstore.Advice(&e)))
	case e.HasKey && e.Exportable:
		return "Your server can be given it now: x in the table exports certificate, key and chain."
	}
	return "It is in the table now; x in the table exports it."
}
