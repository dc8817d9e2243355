package words

import (
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// narrowFrom is the width from which a moment and what happened stand in one line.
const narrowFrom = 60

// HistoryLines is who did what, the latest first, each behind its moment or in a narrow column below it.
func HistoryLines(s theme.Styles, events []certstore.Event, w int) []string {
	var lines []string
	for _, event := range slices.Backward(events) {
		text, moment := kit.Printable(event.Who)+" "+kit.Printable(event.Text), MinuteOf(&event)
		if w < narrowFrom {
			lines = append(lines, s.Muted.Render(moment))
			lines = append(lines, Indented(s.Text, text, "  ", "  ", w+2)...)
			continue
		}
		when := s.Muted.Render(kit.PadLeft(moment, 17))
		for i, line := range kit.Wrap(text, w-23) {
			if i > 0 {
				when = strings.Repeat(" ", 17)
			}
			lines = append(lines, "  "+when+"  "+line)
		}
	}
	return lines
}
