package table_test

import (
	"testing"

	"certdesk/ui/table"
	"certdesk/ui/uitest"
)

func marked(r *uitest.Driver) int { return len(r.App.Table().(*table.TableScreen).Marks()) }

// Marks survive a live change, a filter and a sort; what is removed loses its own.
func TestMarksStayWithTheirEntries(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Onto(3)
	r.Keys("space")
	r.Onto(5)
	r.Keys("space")
	r.Sees("2 marked", "+  x expired", "+  * valid")
	r.Keys("/")
	r.Typing("2025")
	r.Keys("enter")
	r.Sees("2 marked", "7 hidden")
	r.Keys("esc", "s", "e")
	r.Relisted(uitest.Article()...)
	if marked(r) != 2 {
		t.Errorf("%d marks", marked(r))
	}
	list := uitest.Article()
	r.Relisted(append(list[:4:4], list[5:]...)...)
	r.Sees("1 marked")
	r.Keys("ctrl+\\")
	r.SeesNot("marked")
}

// With several marked the verbs say how many they act on, and act on the marked, not on the row under the cursor.
func TestVerbsActOnWhatIsMarked(t *testing.T) {
	r := uitest.ArticleDesk(t, 140, 45)
	r.Onto(3)
	r.Keys("space")
	r.Sees("x export", "D remove")
	r.Onto(8)
	r.Keys("D")
	r.Sees("Remove webmail 2025?")
	r.Keys("esc", "space")
	r.Sees("x export 2", "D remove 2")
	r.Keys("ctrl+\\", "/")
	r.Typing("webmail")
	r.Keys("enter", "*")
	r.Sees("3 marked", "x export 3")
	r.Keys("esc", "D")
	r.Sees("webmail 2023", "webmail 2025", "secure_client")
}

// Whoever only reads marks two to compare them, and can do nothing else with several.
func TestAReadOnlyDeskMarksToCompare(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Desk.ReadOnly = true
	r.Keys("space", "space")
	r.Sees("2 marked")
	r.SeesNot("remove 2", "export 2", "renew 2")
	r.Keys("D", "x", "R")
	if r.Depth() != 1 {
		t.Fatal("a verb that writes acted on the marks")
	}
	r.Keys("c")
	r.Sees("Fact by fact", "broken", "webmail 2023")
}
