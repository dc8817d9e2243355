package exporting

import (
	"path/filepath"

	"certdesk/certstore/exporting"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// thereLines are the command that takes what was written in on an Exchange server, where a body of w×h cells can show
// it whole.
func (s *exportScreen) thereLines(w, h int) []string {
	if !s.reader().Windows() || s.made().Format != exporting.PKCS12 {
		return nil
	}
	st, env := s.d.Styles, s.d.Env
	command := wizard.ExchangeImport(s.entry, filepath.Base(s.request.Path), env)
	lines := []string{"", "    " + st.Label.Render("To take it in there, in the "+words.ManagementShell)}
	for _, line := range words.CommandLines(st, words.ExchangeNote(env), command, words.PowerShell, w-5)[1:] {
		lines = append(lines, "    "+line)
	}
	const heading = 3
	if heading+len(s.writtenLines(w))+len(lines) > h {
		return nil
	}
	return lines
}

// thereVerbs show the command of another version.
func (s *exportScreen) thereVerbs() []kit.Verb {
	if s.thereLines(s.d.Width, s.d.BodyHeight()) == nil {
		return nil
	}
	return []kit.Verb{screen.ExchangeVerb(s.d)}
}
