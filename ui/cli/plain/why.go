package plain

import (
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// Why is the answer to a caller's question: the verdict, its cards, the next step.
func Why(y words.Why, width int) string {
	var b strings.Builder
	level, verdict := y.Verdict()
	line(&b, levelSign(level)+" ", verdict, width)
	for _, c := range y.Cards() {
		b.WriteString("\n" + c.Title + "\n")
		for _, l := range c.Lines {
			sign := "  "
			if l.Signed {
				sign = levelSign(l.Level) + " "
			}
			line(&b, sign, l.Text, width)
		}
	}
	b.WriteString("\n")
	line(&b, "", "Next: "+y.Next(), width)
	return b.String()
}

// line writes a text in as many lines as it takes.
func line(b *strings.Builder, lead, text string, width int) {
	for i, part := range kit.Wrap(text, width-2) {
		if i > 0 {
			lead = "  "
		}
		b.WriteString(lead + part + "\n")
	}
}

// levelSign is * where all is well, ? where it depends, ! where clients refuse.
func levelSign(l words.Level) string {
	switch l {
	case words.Bad:
		return "!"
	case words.Doubtful:
		return "?"
	}
	return "*"
}
