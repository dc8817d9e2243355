package table

import (
	"fmt"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/query"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// The columns of the table, in order.
const (
	colStatus = iota
	colName
	colNames
	colServices
	colIssuer
	colExpires
	colDays
	colGauge
)

// tableColumns is the table's layout; word, left and name are the widths of the widest status word,
// number of days and name.
// On a narrowing terminal the gauge goes first, then the issuer; then NAMES shrinks; then the date goes. Status,
// services and days never go.
func tableColumns(word, left, name int) []kit.Column {
	name = min(max(name, 10), 40)
	status, left := max(2+word, len("STATUS")), max(left, 5)
	return []kit.Column{
		{Title: "STATUS", Min: status, Want: status},
		nameColumn(name),
		{Title: "NAMES", Min: 8, Want: 11, Grow: 2, Max: 60},
		{Title: "SERVICES", Min: 8, Want: 8},
		{Title: "ISSUER", Min: 10, Want: 12, Grow: 1, Max: 30, Drop: 2},
		{Title: "EXPIRES", Min: words.DayWidth, Want: words.DayWidth, Drop: 3, Late: true},
		{Title: "LEFT", Min: left, Want: left, Right: true},
		{Min: 8, Want: 18, Max: 8, Drop: 1}, // the gauge belongs to LEFT; names come first
	}
}

// nameColumn is that of the names, the widest of name cells: it is whole before the issuer stays, which the details
// tell too.
func nameColumn(name int) kit.Column {
	const enough = 24
	want, whole := min(name, 13), min(name, enough)
	return kit.Column{Title: "NAME", Min: 10, Want: want, First: whole - want, Room: whole, Grow: 2, Max: name}
}

func (s *tableScreen) View(w, h int) string {
	switch {
	case !s.loaded:
		return s.loadingView(w, h)
	case len(s.d.Entries) == 0:
		return s.greeting(w, h)
	}
	return s.middle(w, s.height(w, h)) + "\n" + strings.Join(s.below(w), "\n")
}

// height is that of the middle: what the remark below leaves of h lines.
func (s *tableScreen) height(w, h int) int {
	h -= words.WhatLines(w) + 1
	if w < words.PaneFrom {
		h-- // a rule, where there are no panes with edges
	}
	return h
}

// middle is the list, on a wide terminal in panes.
func (s *tableScreen) middle(w, h int) string {
	if w < words.PaneFrom {
		return s.list(w, h)
	}
	return s.wide(w, h)
}

// list is the rows in w×h cells, below the filter where one is in force: what stands beside them stays where it is.
func (s *tableScreen) list(w, h int) string {
	above := s.filterView(w)
	if above != "" {
		above += "\n"
	}
	return above + s.table.View(s.d.Styles, w, h-strings.Count(above, "\n"), s.cell)
}

func (s *tableScreen) cell(id int64, column, w int) kit.Cell {
	e := s.d.Find(id)
	if e == nil {
		return kit.Cell{}
	}
	st := &s.d.Styles
	switch column {
	case colStatus:
		glyph, style := words.Look(st, e)
		return s.lit(kit.Cell{Text: glyph + " " + e.Verdict.Word, Style: style}, query.Status, w)
	case colName:
		return s.lit(kit.Cell{Text: words.Title(*e)}, query.Name, w)
	case colNames:
		return s.namesCell(e, w)
	case colServices:
		return s.servicesCell(e, w)
	case colIssuer:
		return s.lit(kit.Cell{Text: words.Issuer(*e), Style: &st.Muted}, query.Issuer, w)
	}
	if column == colGauge {
		return s.timeCell(e, column, w)
	}
	return s.lit(s.timeCell(e, column, w), query.Expires, w)
}

// namesCell is the first name, or the one that the row is shown for, and how many more there are.
func (s *tableScreen) namesCell(e *certstore.Entry, w int) kit.Cell {
	at := s.matched(e)
	first, more := words.NameAt(e, at)
	if at > 0 && kit.Width(first)+len(more) > w {
		more = "" // what it is shown for matters more than how many there are
	}
	c := s.lit(kit.Cell{Text: first}, query.Names, w-len(more))
	c.Text = kit.Cut(c.Text, w-len(more), s.d.Styles.Glyphs.Ellipsis) + more
	return c
}

// matched is the place among an entry's names of the one that it is shown for, 0 where that is seen anyway.
func (s *tableScreen) matched(e *certstore.Entry) int {
	row := s.rows.Listing.row(e.ID)
	if row == nil || s.filter.Query.Empty() {
		return 0
	}
	at, _ := s.filter.Query.NameOf(row, words.Title(*e))
	return at
}

// lit is a cell of w cells of the terminal in which what the filter looked for stands out, and is seen.
func (s *tableScreen) lit(c kit.Cell, part query.Part, w int) kit.Cell {
	if s.filter.Query.Empty() {
		return c
	}
	places := s.filter.Query.Lit(part, c.Text)
	if len(places) == 0 {
		return c
	}
	tail := s.d.Styles.Glyphs.Ellipsis
	shown, at := kit.CutAt(c.Text, w, places[0], tail)
	if at != places[0] {
		c.Text, c.Lit = shown, [][2]int{at}
		return c
	}
	whole := c.Text
	c.Text = kit.Cut(whole, w, tail)
	for _, place := range places {
		if to := place[1]; to <= len(c.Text) && c.Text[:to] == whole[:to] { // the rest is cut away
			c.Lit = append(c.Lit, place)
		}
	}
	return c
}

// servicesCell names the services where the column has room for those of all rows, else it has Exchange's letters.
func (s *tableScreen) servicesCell(e *certstore.Entry, w int) kit.Cell {
	muted := &s.d.Styles.Muted
	if w < s.rows.Listing.services {
		if e.Services != 0 {
			muted = nil
		}
		return s.lit(kit.Cell{Text: words.ServiceLetters(e), Style: muted}, query.Services, w)
	}
	plain := s.lit(kit.Cell{Text: words.ServiceNames(e, asItIs)}, query.Services, w)
	if len(plain.Lit) > 0 {
		return plain
	}
	return kit.Cell{Text: words.ServiceNames(e, func(wanted string) string { return muted.Render(wanted) })}
}

func (s *tableScreen) timeCell(e *certstore.Entry, column, w int) kit.Cell {
	switch {
	case column == colExpires:
		return kit.Cell{Text: words.EndCell(*e, s.d.Now()), Style: s.endStyle(e)}
	case e.Kind == certstore.PendingReq:
		return kit.Cell{}
	}
	style := words.LeftStyle(&s.d.Styles, e, s.d.Now())
	if column == colDays {
		return kit.Cell{Text: words.LeftCell(*e, s.d.Now()), Style: style}
	}
	return kit.Cell{Text: words.Gauge(s.d.Styles, e, s.d.Now(), w), Style: style}
}

// endStyle colours what is automatic and fails.
func (s *tableScreen) endStyle(e *certstore.Entry) *theme.Style {
	if words.Troubled(e) {
		return &s.d.Styles.Bad
	}
	return nil
}

// below is what is to be said of the selected row, and a rule above it where there are no panes.
func (s *tableScreen) below(w int) []string {
	what, next := s.Remark()
	lines := words.RemarkBlock(s.d.Styles, what, next, s.place(), w)
	if w < words.PaneFrom {
		return lines
	}
	return lines[1:]
}

// Remark is what is wrong and what to do next, of the list itself first, else of the selected row.
func (s *tableScreen) Remark() (what, next string) {
	if s.sorting {
		return "Sort by which column?", "Next: its letter, as below; esc leaves the order as it is."
	}
	if s.err != nil {
		problem, hint := words.Failure(s.err)
		return "The list could not be read again: " + words.Stop(problem), hint
	}
	if s.said != "" {
		return s.said, ""
	}
	if e, ok := s.selected(); ok {
		return words.Sentence(e, s.d.Now(), !s.d.ReadOnly)
	}
	if s.filter.Query.Problem != "" {
		return "No row is shown: " + s.filter.Query.Problem + ".", ""
	}
	return "No row passes this filter.", "Next: esc clears it."
}

// place says in which order the rows are, unless it is the worst first, and where the cursor is.
func (s *tableScreen) place() string {
	var words []string
	if by := s.rows.Listing.by; by != (Sorting{}) {
		words = append(words, by.words())
	}
	if n := s.table.Len(); n > 0 {
		words = append(words, fmt.Sprintf("%d of %d", s.table.Position()+1, n))
	}
	if len(words) == 0 {
		return ""
	}
	return " " + strings.Join(words, " "+s.d.Styles.Glyphs.Dot+" ") + " "
}

func (s *tableScreen) loadingView(w, h int) string {
	if s.err != nil {
		problem, hint := words.Failure(s.err)
		return kit.Fit("\n  "+s.d.Styles.Bad.Render("The store cannot be read.")+"\n\n"+words.Indent(problem, w)+"\n\n"+
			words.Indent(hint, w), w, h)
	}
	sign := string(`|/-\`[s.turns%4])
	return kit.Fit("\n  "+s.d.Styles.Accent.Render(sign)+" Reading the store ... "+s.d.Progress.Text(), w, h)
}

// greeting is what an empty store says: what to do first.
func (s *tableScreen) greeting(w, h int) string {
	st := s.d.Styles
	lines := []string{"", "  " + st.Title.Render("No certificate is here yet."), ""}
	if s.d.ReadOnly {
		return kit.Fit(strings.Join(append(lines,
			"  This desk only reads; somebody who may write the store begins."), "\n"), w, h)
	}
	makes := "  makes a request for a CA, or a self-signed certificate"
	if len(s.d.Env.Authorities) > 0 {
		makes = "  orders a certificate, or makes a request or a self-signed one"
	}
	lines = append(lines, "  "+st.Key.Render("n")+makes)
	if len(s.d.Env.Authorities) == 0 && s.d.Reopen != nil {
		lines = append(lines, "  "+st.Key.Render(words.KeySettings)+
			"  sets up a CA that issues and renews by itself, such as Let's Encrypt")
	}
	lines = append(lines,
		"  "+st.Key.Render("i")+"  imports a certificate you have, or a CA's answer (.pfx .p7b .cer .pem)",
		"  "+st.Key.Render("?")+"  explains every key", "",
		"  "+st.Muted.Render("How a request works: make it, send it to the CA, import the answer."),
		"  "+st.Muted.Render("Its private key stays in this store."))
	if s.said != "" {
		lines = append(lines, "", words.Indent(s.said, w))
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}
