package words_test

import (
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// A plan that changes no file tells of what is served now, if that is another certificate.
func TestAPlanTellsOfWhatIsServedNow(t *testing.T) {
	old := uitest.Certificate(1, "web 2025", "expired", trust.DateInvalid, -3, 90, "a.example.org")
	sp := enabling.ServicePlan{Plan: services.Plan{Nothing: true}}
	sp.Plan.Running, sp.Plan.Prove = true, []services.Proof{{}}
	if got := words.Planned(sp, 0); got != "has its files as they should be, will be proven by 1 handshake" {
		t.Error(got)
	}
	sp.Others = []certstore.Entry{old}
	if got := words.Planned(sp, 0); got != "serves web 2025; it will be reloaded, and will be proven by 1 handshake" {
		t.Error(got)
	}
	if got := words.PlannedInFull(sp); !strings.Contains(got, "but it serves web 2025: it will be reloaded") {
		t.Error(got)
	}
}
