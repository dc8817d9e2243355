package ui

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"

	"certdesk/certstore/enabling"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// header is the desk's first line: where one is on the left, how the store fares on the right. What the counts
// leave of the line, the store's path gets.
func (a *App) header(w int) string {
	least := kit.Width(a.place(a.placeParts(screen.MinNote), w))
	right := a.counts(max(w/3, w-4-least))
	if a.title() != "" && kit.Width(right) > w-4-least {
		right = strings.Join(a.unseen(), "  ") // on a narrow terminal it matters more where one is
	}
	room := w - 4 - kit.Width(right)
	others := kit.Width(a.place(a.placeParts(0), w) + " - ")
	left := a.place(a.placeParts(max(screen.MinNote, room-others)), room)
	return " " + kit.Sides(left, right, w-2, a.d.Styles.Glyphs.Ellipsis) + " "
}

// place is "certdesk · server · role" or what is open, with what a person must not overlook in front. Words
// that do not fit into w cells are left out from the end.
func (a *App) place(parts []string, w int) string {
	s := a.d.Styles
	between := s.Muted.Render(" " + s.Glyphs.Dot + " ")
	line := s.Title.Render("certdesk")
	for i, part := range parts {
		longer := line + between + part
		if i > 0 && kit.Width(longer) > w {
			break
		}
		line = longer
	}
	return line
}

// placeParts are its words, the store's path cut to note cells at its beginning.
func (a *App) placeParts(note int) []string {
	d, s := a.d, a.d.Styles
	var parts []string
	if d.Demo {
		parts = append(parts, s.Warn.Render("DEMO"))
	}
	if d.ReadOnly {
		parts = append(parts, s.Warn.Render("read-only"))
	}
	if title := a.title(); title != "" {
		return append(parts, s.Accent.Render(kit.Printable(title)))
	}
	path := kit.CutLeft(kit.Printable(d.StoreNote), note, s.Glyphs.Ellipsis)
	return append(parts, words.PlainWords(path, d.Server, d.Role)...)
}

// title is that of the highest screen that is no dialog.
func (a *App) title() string {
	for i := len(a.layers) - 1; i >= 0; i-- {
		if _, box := a.layers[i].screen.(screen.Floating); !box {
			return a.layers[i].screen.Title()
		}
	}
	return ""
}

// counts is "2 valid  1 expiring" and what the table does not show: in the words of the table, or where those take more
// than w cells in five words, or by the table's signs.
func (a *App) counts(w int) string {
	var texts []string
	for _, word := range words.CountOrder {
		if n := a.rows.Listing.Counts[word]; n > 0 {
			texts = append(texts, a.wordStyle(word).Render(strconv.Itoa(n)+" "+word))
		}
	}
	few, signs := a.groups()
	unseen, line := a.unseen(), ""
	for _, parts := range [][]string{texts, few, signs} {
		if line = strings.Join(append(parts, unseen...), "  "); kit.Width(line) <= w {
			break
		}
	}
	return line
}

// groups counts what has the same sign together, in a word and by the sign.
func (a *App) groups() (texts, signs []string) {
	st, sums := &a.d.Styles, map[string]int{}
	for word, n := range a.rows.Listing.Counts {
		glyph, _ := words.LookOfWord(st, word)
		sums[glyph] += n
	}
	for _, word := range []string{words.WordSettled, "valid", "unknown", "pending", "expiring", "faults"} {
		glyph, style := words.LookOfWord(st, word)
		if n := sums[glyph]; n > 0 {
			if word == "unknown" && n == a.rows.Listing.Counts[enabling.WordStranger] {
				word = "unlisted"
			}
			texts = append(texts, style.Render(strconv.Itoa(n)+" "+word))
			signs = append(signs, style.Render(glyph+" "+strconv.Itoa(n)))
		}
	}
	return texts, signs
}

// unseen is what the table below does not show of itself: rows that a filter hides, how many are marked, and how the
// ports fare.
func (a *App) unseen() []string {
	var out []string
	if n := a.rows.Marked; n > 0 {
		out = append(out, a.d.Styles.Accent.Render(strconv.Itoa(n)+" marked"))
	}
	if n := a.rows.Hidden; n > 0 {
		out = append(out, a.d.Styles.Warn.Render(strconv.Itoa(n)+" hidden"))
	}
	if ports := a.portsCount(); ports != "" {
		out = append(out, ports)
	}
	return out
}

func (a *App) wordStyle(word string) lipgloss.Style {
	_, style := words.LookOfWord(&a.d.Styles, word)
	return *style
}
