package ui

import (
	"testing"
)

func (r *driver) marked() int { return len(r.app.frames[0].screen.(*tableScreen).marks) }

// Marks survive a live change, a filter and a sort; what is removed loses its own.
func TestMarksStayWithTheirEntries(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.onto(3)
	r.keys("space")
	r.onto(5)
	r.keys("space")
	r.sees("2 marked", "+  x expired", "+  * valid")
	r.keys("/")
	r.typing("2025")
	r.keys("enter")
	r.sees("2 marked", "7 hidden")
	r.keys("esc", "s", "e")
	r.relisted(article()...)
	if r.marked() != 2 {
		t.Errorf("%d marks", r.marked())
	}
	list := article()
	r.relisted(append(list[:4:4], list[5:]...)...)
	r.sees("1 marked")
	r.keys("ctrl+\\")
	r.seesNot("marked")
}

// With several marked the verbs say how many they act on, and act on the marked, not on the row under the cursor.
func TestVerbsActOnWhatIsMarked(t *testing.T) {
	r := articleDesk(t, 140, 45)
	r.onto(3)
	r.keys("space")
	r.sees("x export", "D remove")
	r.onto(8)
	r.keys("D")
	r.sees("Remove webmail 2025?")
	r.keys("esc", "space")
	r.sees("x export 2", "D remove 2")
	r.keys("ctrl+\\", "/")
	r.typing("webmail")
	r.keys("enter", "*")
	r.sees("3 marked", "x export 3")
	r.keys("esc", "D")
	r.sees("webmail 2023", "webmail 2025", "secure_client")
}

func TestAReadOnlyDeskMarksNothing(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.app.d.ReadOnly = true
	r.keys("space", "*")
	r.seesNot("marked")
}
