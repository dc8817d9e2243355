package form

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

// NoSuchDirectory says what is wrong where the path is known to be no directory, else "".
func (p *Path) NoSuchDirectory() string {
	switch text := p.NoDirectory(); {
	case text != "":
		return text
	case !p.fresh || p.Text.Value() == "" || p.IsDir() || p.listed.Problem != "" || p.listed.Partial:
		return ""
	}
	return "there is no such directory: type another path, or make it first"
}

// noFile says what is wrong where the file is known to be missing, else "".
func (p *Path) noFile() string {
	_, base := split(p.typed())
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
	v := p.typed()
	if v == "." || v == ".." || v == "~" || strings.HasSuffix(v, "/") {
		return true
	}
	_, base := split(v)
	return p.holds(base, true)
}

// holds says whether the directory was seen to hold a file or a directory of that name.
func (p *Path) holds(name string, dir bool) bool {
	return p.fresh && name != "" && slices.ContainsFunc(p.listed.Entries,
		func(e PathEntry) bool { return e.Name == name && e.Dir == dir })
}

// Exists says whether a file of that name was seen there.
func (p *Path) Exists() bool {
	_, base := split(p.typed())
	return p.holds(base, false)
}
