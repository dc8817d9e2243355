package importing

import (
	"slices"
	"strings"

	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// sourceForm asks for the files, or for the text itself.
func (s *importScreen) sourceForm() *form.Form {
	k := s.keep
	now := ""
	if k.paste {
		now = "paste"
	}
	from := form.NewChoice("from", "From", now,
		form.Option{Value: "", Text: "Files", Note: "a CA's answer, a PFX, PEM files"},
		form.Option{Value: "paste", Text: "Pasted text", Note: "from the CA's mail or web page"}).
		With("The content decides what it is, never the file's name.", func(v string) { k.paste = v == "paste" })
	chosen := form.NewTicks("chosen", "Chosen", "Space leaves a file out; del takes it off the list.", "")
	path := screen.PathField(s.d, "path", "Add a file", k.line).
		With("Type a path; tab completes it. Or press down and pick. Add all the files: certdesk sorts them out.",
			"path of a file")
	text := form.NewArea("text", "Paste here",
		"Paste all of it, with its BEGIN and END lines; text around them does no harm. ctrl+n goes on.", formats.MaxFile).
		Checked(func(t string) string { return words.Needed(strings.TrimSpace(t) != "", "paste the text the CA sent") })
	text.SetValue(k.text)
	s.bindChosen(chosen, path)
	path.SetCheck(func() string { return s.takeLine(path) })
	s.form = form.New(from, chosen, path, text).Hide(func(id string) bool {
		switch id {
		case "chosen":
			return k.paste || len(k.paths) == 0
		case "path":
			return k.paste
		}
		return id == "text" && !k.paste
	})
	s.path, s.text = path, text
	return s.form
}

// bindChosen makes the list of chosen files follow what is added and taken out.
func (s *importScreen) bindChosen(list *form.Ticks, path *form.Path) {
	refresh := func() { list.SetItems(chosenItems(s.keep.paths)) }
	drop := func(t form.Tick) {
		s.keep.paths = slices.DeleteFunc(slices.Clone(s.keep.paths), func(p string) bool { return p == t.Key })
		refresh()
		if len(s.keep.paths) == 0 {
			s.form.Focus("path")
		}
	}
	list.On(drop, nil, drop, form.KeyMark)
	path.Many(func(p string) {
		s.addPath(p)
		refresh()
	})
	refresh()
}

func chosenItems(paths []string) []form.Tick {
	var items []form.Tick
	for _, p := range paths {
		items = append(items, form.Tick{Key: p, Text: p, Path: true, On: true, Loose: true})
	}
	return items
}

func (s *importScreen) addPath(p string) {
	if !slices.Contains(s.keep.paths, p) {
		s.keep.paths = append(slices.Clone(s.keep.paths), p)
	}
}

// takeLine counts what stands in the line as a file too, so that one file needs no list.
func (s *importScreen) takeLine(path *form.Path) string {
	if path.Text.Value() == "" || path.IsDir() {
		return words.Needed(len(s.keep.paths) > 0, "type the path of a file, or pick one from the list")
	}
	return ""
}

// typed keeps what stands in the fields in the draft, whatever happens to the screen.
func (s *importScreen) typed() {
	if s.stage == stageSource && s.path != nil {
		s.keep.line, s.keep.text = s.path.Text.Value(), s.text.Value()
	}
}

// chosenPaths are the files of the list and the one in the line.
func (s *importScreen) chosenPaths() []string {
	if s.keep.paste {
		return nil
	}
	if p := s.path.Value(); p != "" && !s.path.IsDir() && !slices.Contains(s.keep.paths, p) {
		return append(slices.Clone(s.keep.paths), p)
	}
	return s.keep.paths
}

func (s *importScreen) pastedText() string {
	if s.keep.paste {
		return s.keep.text
	}
	return ""
}

// readSources reads the files, within the limits of formats; one that cannot be read keeps the reason. It runs in a
// command.
func readSources(paths []string, text string) (r importing.Request) {
	if text != "" {
		r.Sources = append(r.Sources, importing.Source{Label: "the pasted text", Data: []byte(text)})
	}
	for _, path := range paths {
		data, err := formats.ReadFile(path)
		r.Sources = append(r.Sources, importing.Source{Label: path, Data: data, Err: err})
	}
	return r
}

// passwordForm asks for the password of what is protected.
func (s *importScreen) passwordForm() *form.Form {
	hint := "The password it was exported with. It is not kept."
	if len(s.groups) > 1 {
		hint = "The password it was exported with; it is tried on the others too, and not kept. Empty leaves this file out."
	}
	s.pass = form.NewPassword("password", "Password").With(hint, "")
	return form.New(s.pass)
}
