package kit

import (
	"slices"
	"strings"
)

// bare is a path without what comes with it when it is copied: blanks and quotes around it.
func bare(typed string) string {
	typed = strings.TrimSpace(typed)
	for _, quote := range []string{`"`, "'"} {
		if inner, ok := strings.CutPrefix(typed, quote); ok && strings.HasSuffix(inner, quote) {
			return strings.TrimSuffix(inner, quote)
		}
	}
	return typed
}

// Problem is why the file was not taken, or "".
func (p *Path) Problem() string { return p.problem }

// ToWrite says that a file is to be written there, so that a page waits until its directory was looked at.
func (p *Path) ToWrite() { p.writes = true }

// Settling says that what is typed is still being looked at.
func (p *Path) Settling() bool { return p.writes && p.Text.Value() != "" && !p.fresh }

// NoDirectory says what is wrong where the directory of the path is known to be missing, else "".
func (p *Path) NoDirectory() string {
	if p.fresh && p.listed.Missing {
		return p.listed.Problem + ": type another path, or make it first"
	}
	return ""
}

// noFile says what is wrong where the file is known to be missing, else "".
func (p *Path) noFile() string {
	_, base := split(p.Text.Value())
	here := func(e PathEntry) bool { return e.Name == base }
	switch {
	case p.listed.Missing:
		return p.listed.Problem + ": tab completes, down picks from the list"
	case p.listed.Problem != "" || p.listed.Partial || slices.ContainsFunc(p.listed.Entries, here):
		return ""
	}
	return "there is no such file: tab completes, down picks from the list"
}

// IsDir says whether the path ends as a directory, or is one by the listing.
func (p *Path) IsDir() bool {
	v := p.Text.Value()
	if v == "." || v == ".." || v == "~" || strings.HasSuffix(v, "/") {
		return true
	}
	_, base := split(v)
	return p.fresh && slices.Contains(p.listed.Entries, PathEntry{base, true})
}

// Exists says whether a file of that name was seen there.
func (p *Path) Exists() bool {
	_, base := split(p.Text.Value())
	return p.fresh && base != "" && slices.Contains(p.listed.Entries, PathEntry{base, false})
}
