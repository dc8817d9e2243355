package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// The time that the timeline shows, and its lines: the days, the marks, and the names below them.
const (
	aheadDays  = 90
	aheadLanes = 3
	aheadLines = 2 + aheadLanes
)

const day = 24 * time.Hour

// due is a day on which an entry ends, or on which its renewal is due.
type due struct {
	at    time.Time
	id    int64
	place int // in the listing's Entries
}

// ahead are the days of all entries that may come within the timeline, in order of time.
type ahead struct{ ends, renewals []due }

// note takes an entry in: its renewal is due when it begins to count as expiring, unless somebody has seen to it.
func (a *ahead) note(e *certstore.Entry, place int) {
	if e.Kind != certstore.Certificate || e.Settled() || e.DaysLeft < -1 {
		return
	}
	if e.DaysLeft <= aheadDays+1 {
		a.ends = append(a.ends, due{e.NotAfter, e.ID, place})
	}
	below := trust.ExpiringBelow(e.NotBefore, e.NotAfter)
	if days := e.DaysLeft - int(below/day); e.Successor == nil && days >= -2 && days <= aheadDays+1 {
		a.renewals = append(a.renewals, due{e.NotAfter.Add(-below), e.ID, place})
	}
}

// of are the days of some of the entries, by their places.
func (a *ahead) of(keep []bool) (shown ahead) {
	for _, d := range a.ends {
		if keep[d.place] {
			shown.ends = append(shown.ends, d)
		}
	}
	for _, d := range a.renewals {
		if keep[d.place] {
			shown.renewals = append(shown.renewals, d)
		}
	}
	return shown
}

func (a *ahead) sort() {
	for _, list := range [][]due{a.ends, a.renewals} {
		slices.SortFunc(list, func(x, y due) int { return cmp.Or(x.at.Compare(y.at), cmp.Compare(x.id, y.id)) })
	}
}

// within are those of a list in order of time from one moment up to another.
func within(list []due, from, to time.Time) []due {
	place := func(t time.Time) int {
		i, _ := slices.BinarySearchFunc(list, t, func(d due, t time.Time) int { return d.at.Compare(t) })
		return i
	}
	return list[place(from):place(to)]
}

// timeline is the time from now on in w cells.
type timeline struct {
	s     *tableScreen
	from  time.Time
	w     int
	lanes [aheadLanes]string // names, as far as they are written
	more  int                // that found no place
}

// aheadPane is the timeline: its marks are signs, each of which has a name below it while there is room.
func (s *tableScreen) aheadPane(w int) kit.Pane {
	t := timeline{s: s, from: s.d.Now(), w: w}
	g := s.d.Styles.Glyphs
	p := kit.Pane{Title: fmt.Sprintf("The next %d days: %s expires, %s renewal due", aheadDays, g.Bad, g.Warn)}
	marks := t.marks()
	t.names()
	if t.more > 0 {
		p.Note = fmt.Sprintf("and %d more", t.more)
	}
	lines := append([]string{t.scale(), marks}, t.lanes[:]...)
	if t.lanes == [aheadLanes]string{} {
		lines[2] = s.d.Styles.Muted.Render("Nothing ends and no renewal is due.")
	}
	p.Body = strings.Join(lines, "\n")
	return p
}

// at is the cell of a moment, and when the moment of a cell.
func (t *timeline) at(when time.Time) int {
	return int(when.Sub(t.from) * time.Duration(t.w) / (aheadDays * day))
}

func (t *timeline) when(cell int) time.Time {
	return t.from.Add(aheadDays * day * time.Duration(cell) / time.Duration(t.w))
}

// scale says where the months begin.
func (t *timeline) scale() string {
	line := "today"
	local := t.from.Local()
	for month := 1; month <= aheadDays/28+1; month++ {
		first := time.Date(local.Year(), local.Month()+time.Month(month), 1, 0, 0, 0, 0, time.Local)
		text := first.Format("2 Jan")
		if at := t.at(first); at > len(line) && at+len(text) <= t.w {
			line = kit.Pad(line, at) + text
		}
	}
	return t.s.d.Styles.Muted.Render(kit.Pad(line, t.w))
}

// marks is the line of days, with what comes on them: what ends before what is due.
func (t *timeline) marks() string {
	st, list := &t.s.d.Styles, &t.s.rows.ahead
	var b strings.Builder
	for cell := 0; cell < t.w; cell++ {
		from, to := t.when(cell), t.when(cell+1)
		switch {
		case len(within(list.ends, from, to)) > 0:
			b.WriteString(st.Bad.Render(st.Glyphs.Bad))
		case len(within(list.renewals, from, to)) > 0:
			b.WriteString(st.Warn.Render(st.Glyphs.Warn))
		default:
			next := cell + 1
			for ; next < t.w && t.free(next); next++ {
			}
			b.WriteString(st.Border.Render(strings.Repeat(st.Glyphs.HLine, next-cell)))
			cell = next - 1
		}
	}
	return b.String()
}

func (t *timeline) free(cell int) bool {
	list, from, to := &t.s.rows.ahead, t.when(cell), t.when(cell+1)
	return len(within(list.ends, from, to)) == 0 && len(within(list.renewals, from, to)) == 0
}

// names writes names below the marks in the order of time; of what lies behind a name that found no place only the
// number is known.
func (t *timeline) names() {
	st, list := &t.s.d.Styles, &t.s.rows.ahead
	to := t.when(t.w)
	ends, renewals := within(list.ends, t.from, to), within(list.renewals, t.from, to)
	for len(ends)+len(renewals) > 0 {
		next, glyph, style, of := due{}, st.Glyphs.Bad, &st.Bad, &ends
		if len(ends) == 0 || len(renewals) > 0 && renewals[0].at.Before(ends[0].at) {
			glyph, style, of = st.Glyphs.Warn, &st.Warn, &renewals
		}
		next, *of = (*of)[0], (*of)[1:]
		if !t.place(next, glyph, style) {
			if t.more++; t.more > mostTries {
				t.more += len(ends) + len(renewals)
				return
			}
		}
	}
}

// mostTries is how many names are tried though they find no place: a frame must not cost more with more rows.
const mostTries = 30

// longestName is how many cells of a name the timeline shows.
const longestName = 24

// place writes the name of what is due below its mark, from there on or, near the end, up to there.
func (t *timeline) place(d due, glyph string, style *theme.Style) bool {
	e := t.s.d.Find(d.id)
	if e == nil {
		return true
	}
	st := t.s.d.Styles
	text := kit.Cut(words.Title(*e), longestName, st.Glyphs.Ellipsis) + st.Muted.Render(" "+d.at.Local().Format("2 Jan"))
	at := t.at(d.at)
	sign := style.Render(glyph)
	label := sign + " " + text
	if at+kit.Width(label) > t.w {
		label = text + " " + sign
		at += 1 - kit.Width(label)
	}
	for i, lane := range t.lanes {
		if used := kit.Width(lane); used == 0 && at >= 0 || used > 0 && at >= used+2 {
			t.lanes[i] = kit.Pad(lane, at) + label
			return true
		}
	}
	return false
}
