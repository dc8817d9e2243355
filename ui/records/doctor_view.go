package records

import (
	"fmt"
	"strings"
	"time"

	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// maxTexts is how many findings of one kind the page lists; the command lists all.
const maxTexts = 20

// Lines is the whole page, w cells wide.
func (s *doctorScreen) Lines(w int) []string {
	st := s.d.Styles
	if s.busy.Runs() && !s.known {
		return s.busyLines(w)
	}
	var lines []string
	if s.err != nil {
		lines = append(words.ProblemLines(st, s.err, w-4), "")
	}
	if !s.known {
		return append(lines, "  "+st.Accent.Render("Next:")+" r looks again.")
	}
	lines = append(lines, s.summary(w)...)
	if s.busy.Runs() {
		lines = append(lines, s.busyLines(w)...)
	}
	for _, a := range s.exam.ailments {
		lines = append(append(lines, ""), s.ailmentLines(a, w)...)
	}
	return append(lines, "")
}

func (s *doctorScreen) busyLines(w int) []string {
	b := s.busy
	if room := w - 16; kit.Width(b.Text) > room {
		b.Text = kit.Cut(b.Text, room, s.d.Styles.Glyphs.Ellipsis)
	}
	return []string{b.Line(s.d.Styles, s.d.Now())}
}

// summary is the one sentence, and what was looked at.
func (s *doctorScreen) summary(w int) []string {
	st := s.d.Styles
	first := st.Good.Render(st.Glyphs.Good) + " " + st.Title.Render("The store is healthy.")
	need, rest := s.tally()
	switch {
	case s.exam.missing:
		first = st.Muted.Render(st.Glyphs.Waiting) + " " +
			st.Title.Render("There is no store yet: the first new certificate or import makes it.")
	case need > 0:
		first = st.Bad.Render(st.Glyphs.Bad) + " " + st.Title.Render(needs(need))
	}
	lines := []string{" " + first}
	if need == 0 && rest > 0 {
		lines = append(lines, "   What follows is good to know; nothing needs to be done.")
	}
	looked := kit.Printable(s.dir()) + ", looked at on " + words.Moment(s.exam.at)
	if s.exam.took >= time.Second {
		looked += fmt.Sprintf(", for %.1f s", s.exam.took.Seconds())
	}
	for _, line := range kit.Wrap(looked, w-4) {
		lines = append(lines, "   "+st.Muted.Render(line))
	}
	return lines
}

// tally counts the kinds of findings that need somebody, and the others.
func (s *doctorScreen) tally() (need, rest int) {
	for _, a := range s.exam.ailments {
		if a.severity == trust.Info {
			rest++
		} else {
			need++
		}
	}
	return need, rest
}

func needs(n int) string {
	if n == 1 {
		return "1 thing needs attention."
	}
	return fmt.Sprintf("%d things need attention.", n)
}

func (s *doctorScreen) dir() string {
	if s.d.Store == nil {
		return "/var/lib/certdesk"
	}
	return s.d.Store.Dir()
}

// ailmentLines are what was found, what it means, and what to do.
func (s *doctorScreen) ailmentLines(a ailment, w int) []string {
	st, r := s.d.Styles, remedyOf(a)
	glyph, style := st.Glyphs.Dot, st.Muted
	switch a.severity {
	case trust.Error:
		glyph, style = st.Glyphs.Bad, st.Bad
	case trust.Warning:
		glyph, style = st.Glyphs.Warn, st.Warn
	}
	head := r.title
	if n := len(a.texts); n > 1 {
		head += fmt.Sprintf(" (%d)", n)
	}
	lines := []string{" " + style.Render(glyph+" "+string(a.severity)) + "  " +
		st.Title.Render(kit.Cut(head, w-14, st.Glyphs.Ellipsis))}
	lines = append(lines, words.Indented(st.Text, r.means, "   ", "   ", w)...)
	for i, text := range a.texts {
		if i == maxTexts {
			lines = append(lines, "     "+st.Muted.Render(fmt.Sprintf("and %d more: in a shell, certdesk doctor lists them all",
				len(a.texts)-maxTexts)))
			break
		}
		lines = append(lines, words.Indented(st.Muted, text, "   "+st.Glyphs.Dot+" ", "     ", w)...)
	}
	return append(lines, s.remedyLines(r, a, w)...)
}

func (s *doctorScreen) remedyLines(r remedy, a ailment, w int) []string {
	st, next := s.d.Styles, r.next
	switch {
	case next == "":
		return nil
	case r.repair && s.d.ReadOnly:
		next = "somebody who may write this store can repair it."
	}
	if next != nothing {
		next = "Next: " + next
	}
	lines := words.NextLines(st, next, w-5, 4)
	for i := range lines {
		lines[i] = "   " + lines[i]
	}
	if r.command == "" {
		return lines
	}
	file, _, _ := strings.Cut(a.texts[0], " ")
	command, _ := words.WrapCommand(strings.NewReplacer("DIR", s.dir(), "FILE", s.dir()+"/"+file).Replace(r.command), w-7,
		words.PosixShell)
	for _, line := range command {
		lines = append(lines, "     "+st.Key.Render(line))
	}
	return lines
}
