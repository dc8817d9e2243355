package table_test

import (
	"fmt"
	"strings"
	"testing"

	"certdesk/ui/uitest"
)

// What a badge shows is what it counts, however the store fares.
func TestABadgeShowsWhatItCounts(t *testing.T) {
	for _, b := range uitest.ArticleDesk(t, 140, 45).App.Rows().Badges() {
		r := uitest.ArticleDesk(t, 140, 45)
		r.Click(fmt.Sprintf("%d %s", b.Count, b.Word))
		r.Wait()
		shown := len(r.Desk.Entries) - r.App.Rows().Hidden
		if problem := r.App.Rows().Problem; shown != b.Count || problem != "" {
			t.Errorf("%s counts %d and shows %d %s:\n%s", b.Word, b.Count, shown, problem, strings.Join(strings.SplitN(r.Screen(), "\n", 4)[:3], "\n"))
		}
	}
}
