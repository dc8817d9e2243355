package drivers

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/services/daemon"
)

// dovecotWriter gathers the edits of one way.
type dovecotWriter struct {
	dovecotChange
	way    dovecotWay
	texts  *texts
	done   map[any]bool // filters and places that are changed already
	blocks strings.Builder
	now    map[string]string
}

func (c dovecotChange) write(way dovecotWay) (*dovecotWriter, error) {
	w := &dovecotWriter{dovecotChange: c, way: way, texts: newTexts(), done: map[any]bool{}}
	for path, text := range c.source.texts {
		w.texts.was[path] = text
	}
	for _, class := range c.chosen() {
		w.class(class)
	}
	for _, class := range way.pins {
		w.pin(class)
	}
	w.now = w.texts.changed()
	for path, text := range w.texts.was {
		if now, ok := w.now[path]; ok {
			text = now
		}
		if without := withoutProtocols(text); way.alone && without != text {
			w.now[path] = without
		}
	}
	return w, w.section()
}

// class changes the place that decides about a class; of a default that all protocols share, the place of the way.
func (w *dovecotWriter) class(c dovecotClass) {
	f := c.place()
	ours := w.way.alone && f.name == "" && !f.local.IsValid()
	switch {
	case f.key() != w.source.filters[0].key() && !ours:
		w.inPlace(f, c)
	case w.way.apart:
		w.block("protocol "+c.protocol.name, c)
	case w.way.section:
		w.block("", c)
	default:
		w.inPlace(w.source.filters[0], c)
	}
}

// wanted is a value for each setting that has to be said: one is not where nothing is set and nothing wanted.
func (w *dovecotWriter) wanted(c dovecotClass) [][2]string {
	two := append(slices.Clone(w.pairs), daemon.Installed{})
	all := [][2]string{{"ssl_cert", two[0].Cert}, {"ssl_key", two[0].Key}}
	if two[1].Cert != "" || c.by["ssl_alt_cert"].file() != "" {
		all = append(all, [2]string{"ssl_alt_cert", two[1].Cert}, [2]string{"ssl_alt_key", two[1].Key})
	}
	return all
}

// tlsLine is a setting as a line has it.
func tlsLine(name, path string) string {
	if path == "" {
		return name + " ="
	}
	return name + " = <" + path
}

// block adds a block, or the bare settings, to our section.
func (w *dovecotWriter) block(head string, c dovecotClass) {
	if w.done[head] {
		return
	}
	w.done[head] = true
	indent := ""
	if head != "" {
		w.blocks.WriteString(head + " {\n")
		indent = "  "
	}
	for _, want := range w.wanted(c) {
		w.blocks.WriteString(indent + tlsLine(want[0], want[1]) + "\n")
	}
	if head != "" {
		w.blocks.WriteString("}\n")
	}
}

// inPlace changes the values of a filter where they stand. What it has from outside, or from lines that are others' as
// well, is added.
func (w *dovecotWriter) inPlace(f *dovecotFilter, c dovecotClass) {
	if w.done[f] {
		return
	}
	w.done[f] = true
	var last *assignment
	var more []string
	for _, want := range w.wanted(c) {
		a := f.set[want[0]]
		if a == nil || a.path == "" || w.shared(a) {
			more = append(more, tlsLine(want[0], want[1]))
			continue
		}
		last = a
		w.value(a, want[1])
	}
	w.add(f, last, more)
}

// pin writes what is effective for a class into its own block.
func (w *dovecotWriter) pin(c dovecotClass) {
	f := c.place()
	if w.done[f] {
		return
	}
	w.done[f] = true
	var more []string
	for _, name := range tlsSettings {
		a := c.by[name]
		alt := strings.Contains(name, "_alt_") && a.file() == "" && len(w.pairs) == 1
		if a != nil && a.filter == f && !w.shared(a) || alt {
			continue
		}
		more = append(more, tlsLine(name, a.file()))
	}
	w.add(f, f.anyPlaced(), more)
}

// anyPlaced is a setting of the filter that stands in a file.
func (f *dovecotFilter) anyPlaced() *assignment {
	for _, name := range tlsSettings {
		if a := f.set[name]; a != nil && a.path != "" {
			return a
		}
	}
	return nil
}

// add puts lines behind a setting of a filter, else at the end of its last block.
func (w *dovecotWriter) add(f *dovecotFilter, last *assignment, more []string) {
	switch {
	case len(more) == 0:
	case last != nil && !w.sharesAny(f):
		text := w.texts.was[last.path]
		indent := directive{from: last.from - len(last.lead(text))}.indent(text)
		w.texts.edit(last.path, edit{last.end, last.end, "\n" + indent + strings.Join(more, "\n"+indent)})
	case f.end.path != "":
		text := w.texts.was[f.end.path][f.end.at:]
		indent := text[:len(text)-len(strings.TrimLeft(text, " \t"))] + "  "
		w.texts.edit(f.end.path, edit{f.end.at, f.end.at, indent + strings.Join(more, "\n"+indent) + "\n"})
	}
}

// sharesAny says whether a line that others read as well may stand behind the last one of the filter's own.
func (w *dovecotWriter) sharesAny(f *dovecotFilter) bool {
	return slices.ContainsFunc(tlsSettings, func(name string) bool { return f.set[name] != nil && w.shared(f.set[name]) })
}

// shared says whether the line of a setting is read for another block as well.
func (w *dovecotWriter) shared(a *assignment) bool {
	return slices.ContainsFunc(w.source.filters, func(f *dovecotFilter) bool {
		b := f.set[a.name]
		return f != a.filter && b != nil && b.path == a.path && b.from == a.from
	})
}

// lead is what stands before a value on its line: its name and "=".
func (a *assignment) lead(text string) string {
	start := strings.LastIndexByte(text[:a.from], '\n') + 1
	return strings.TrimLeft(text[start:a.from], " \t")
}

func (w *dovecotWriter) value(a *assignment, path string) {
	place := [2]any{a.path, a.from}
	if w.done[place] {
		return
	}
	w.done[place] = true
	text := ""
	if path != "" {
		text = "<" + path
	}
	if a.raw == "" && text != "" {
		text = " " + text
	}
	w.texts.edit(a.path, edit{a.from, a.to, text})
}

// section adds the blocks to our section.
func (w *dovecotWriter) section() error {
	if w.blocks.Len() == 0 {
		return nil
	}
	path, err := w.target()
	if err != nil {
		return err
	}
	text, ok := w.now[path]
	if !ok {
		text = w.texts.was[path]
	}
	w.now[path] = addToSection(text, w.in.Use, w.blocks.String())
	return nil
}

// target is the file for our section: the drop-in where the configuration includes it, else dovecot.conf, whose end is
// read last.
func (d *dovecotConf) target() (string, error) {
	dropIn := filepath.Join(filepath.Dir(d.in.Config), "conf.d", "99-certdesk.conf")
	if slices.Contains(d.source.order, dropIn) {
		return d.source.one.of(dropIn), nil
	}
	if _, err := os.Lstat(dropIn); !errors.Is(err, fs.ErrNotExist) {
		return d.in.Config, nil // it is there, and not included
	}
	if _, err := os.Stat(filepath.Dir(dropIn)); err != nil {
		return d.in.Config, nil
	}
	with, err := readDovecot(d.in.Config, map[string]string{dropIn: ""})
	if err != nil {
		return "", err
	}
	if _, read := with.texts[dropIn]; read {
		return dropIn, nil
	}
	return d.in.Config, nil
}
