package cli

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore/config"
	"certdesk/certstore/trust"
	"certdesk/ui/cli/wire"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// told is what a door tells of a verdict.
type told int

const (
	saysWord told = 1 << iota
	saysSign
	saysReason
	saysAdvice
	saysFindings
	saysSteps  // the next step of each finding
	saysStatus // Exchange's word, and that of the ports

	saysAll = saysWord | saysReason | saysAdvice | saysFindings | saysSteps
)

// doors are all places where a verdict is told, each with its text about the entry that is looked at. One more is a
// line here.
var doors = []struct {
	name  string
	text  func(d *doorway) string
	tells told
}{
	{"list", func(d *doorway) string { return d.must("list").out }, saysWord | saysSign},
	{"list --json", func(d *doorway) string { return verdictOf(d.listed()) }, saysAll},
	{"list --format csv", func(d *doorway) string { return strings.ReplaceAll(d.must("list", "--format", "csv").out, `""`, `"`) }, saysReason},
	{"list --format markdown", func(d *doorway) string { return d.must("list", "--format", "markdown").out }, saysWord},
	{"list --format prometheus", func(d *doorway) string { return d.measured() }, saysStatus},
	{"show", func(d *doorway) string { return d.must("show", d.thumbprint).out }, saysAll &^ saysWord},
	{"show --json", func(d *doorway) string { return verdictOf(d.entry("show", d.thumbprint)) }, saysAll},
	{"check --json", func(d *doorway) string { return verdictOf(d.checked()) }, saysAll},
	{"table", func(d *doorway) string { return d.desk().Screen() }, saysWord | saysSign | saysReason | saysAdvice},
	{"details", func(d *doorway) string { return d.details() }, saysAll | saysSign},
	{"lines", func(d *doorway) string { return d.spoken() }, saysWord},
}

// verdict is what every door is to say of an entry.
type verdict struct {
	status         trust.Status
	word, sign     string
	reason, advice string // parts of them; no advice: nothing is to be done
	check          int    // the exit status of check

	code     string // of a finding that is there too
	severity trust.Severity
}

// doorway is an office with one entry that is looked at through each door, among others perhaps.
type doorway struct {
	*recalls
	thumbprint string
}

func (d *doorway) listed() wire.Entry {
	d.t.Helper()
	for _, e := range d.office.list() {
		if e.Thumbprint == d.thumbprint {
			return e
		}
	}
	d.t.Fatalf("%s is not listed", d.thumbprint)
	return wire.Entry{}
}

func (d *doorway) checked() wire.Entry {
	d.t.Helper()
	var c wire.Check
	d.decode(d.run("check", "--json").out, &c)
	for _, e := range c.Entries {
		if e.Thumbprint == d.thumbprint {
			return e.Entry
		}
	}
	d.t.Fatalf("check does not tell of %s", d.thumbprint)
	return wire.Entry{}
}

// measured are the statuses that Prometheus is told of the entry.
func (d *doorway) measured() string {
	id := fmt.Sprintf(`certdesk_certificate_status{id="%d"`, d.listed().ID)
	var told []string
	for _, line := range strings.Split(d.must("list", "--format", "prometheus").out, "\n") {
		if strings.HasPrefix(line, id) && strings.HasSuffix(line, " 1") {
			told = append(told, line)
		}
	}
	return strings.Join(told, "\n")
}

// verdictOf is what a script is told of a verdict.
func verdictOf(e wire.Entry) string {
	parts := []string{e.StatusWord, e.StatusReason, e.StatusAdvice}
	for _, f := range e.Findings {
		parts = append(parts, f.Text, f.Next)
	}
	return strings.Join(parts, "\n")
}

// desk is the desk as the command opens it, wide enough for every word, its ports asked where there are services.
func (d *doorway) desk() *uitest.Driver {
	d.t.Helper()
	a := newApp(d.io(nil, nil))
	a.flags.store, a.flags.config = d.store(), d.config
	c, err := config.Load(d.config)
	if err != nil {
		d.t.Fatal(err)
	}
	s, err := a.openBy(c, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	d.t.Cleanup(s.close)
	r := uitest.Drive(d.t, a.deskConfig(s), 300, 90)
	if s.store.HasServices() {
		r.Keys("t", "esc")
		r.Run(r.App.Relist())
	}
	e, err := s.store.Find(d.t.Context(), d.thumbprint, false)
	if err != nil {
		d.t.Fatal(err)
	}
	r.Onto(e.ID)
	return r
}

func (d *doorway) details() string {
	r := d.desk()
	r.Keys("enter")
	return r.Screen()
}

// spoken is the desk in lines, where the ports are asked when somebody wants to know.
func (d *doorway) spoken() string {
	d.stdin = strings.NewReader("test ports\n\nq\n")
	defer func() { d.stdin = nil }()
	return d.run("--accessible").out
}

// agree holds every door against what is wanted, and each against `show --json`.
func (d *doorway) agree(want verdict) {
	d.t.Helper()
	e := d.entry("show", d.thumbprint)
	if e.Status != want.status || e.StatusWord != want.word || !strings.Contains(e.StatusReason, want.reason) ||
		!strings.Contains(e.StatusAdvice, want.advice) || (want.advice == "") != (e.StatusAdvice == "") || e.StatusAsOf == nil {
		d.t.Errorf("%s, %q, %q, %q", e.Status, e.StatusWord, e.StatusReason, e.StatusAdvice)
	}
	i := slices.IndexFunc(e.Findings, func(f wire.Finding) bool { return f.Code == want.code })
	if want.code != "" && (i < 0 || e.Findings[i].Severity != want.severity) {
		d.t.Errorf("%s %s: %+v", want.severity, want.code, e.Findings)
	}
	if got := d.run("check"); got.code != want.check || want.check != 0 && !strings.Contains(got.out, e.StatusReason) {
		d.t.Errorf("check: exit %d, want %d\n%s", got.code, want.check, got.out)
	}
	for _, door := range doors {
		d.says(door.name, flat(door.text(d)), door.tells, want.sign, e)
	}
}

func (d *doorway) says(door, text string, tells told, glyph string, e wire.Entry) {
	d.t.Helper()
	parts := map[told][]string{saysWord: {e.StatusWord}, saysSign: {glyph + " " + e.StatusWord},
		saysReason: {e.StatusReason}, saysAdvice: {e.StatusAdvice}}
	parts[saysStatus] = []string{`status="` + string(e.Status) + `"`}
	for _, f := range e.Findings {
		parts[saysFindings], parts[saysSteps] = append(parts[saysFindings], f.Text), append(parts[saysSteps], f.Next)
	}
	for what, list := range parts {
		for _, part := range list {
			if tells&what != 0 && !strings.Contains(text, flat(part)) && !strings.Contains(text, flat(words.InDesk(part))) {
				d.t.Errorf("%s does not say %q:\n%.6000s", door, part, text)
			}
		}
	}
}

// flat is a text whose lines may be broken anywhere.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }
