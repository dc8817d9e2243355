package enabling_test

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/services"
	desk "certdesk/ui/enabling"
	"certdesk/ui/theme"
	"certdesk/ui/uitest"
)

// The desk shows a plan by the same rule as the command line: a file that holds a key is named.
func TestTheDesksPlanShowsNoKey(t *testing.T) {
	body := "MHcCAQEEIIrYSSNQFaA2Hwf1duRSxKtLYX5CB04fSeQ6tF1aY/PuoAoGCCqGSM49"
	key := "-----BEGIN EC PRIVATE KEY-----\n" + body + "\n-----END EC PRIVATE KEY-----\n"
	sp := enabling.ServicePlan{Service: uitest.Postfix}
	sp.Plan.Changes = []services.Change{
		{Path: "/srv/tls/key.pem", Before: services.Content{Kind: services.Regular, Data: []byte(key)}, After: services.Content{Kind: services.Link, Link: "current/key.pem"}},
		{Path: "/etc/postfix/main.cf", Before: services.Content{Kind: services.Regular, Data: []byte("a = b\n# " + body + "\n")}, After: services.Content{Kind: services.Regular, Data: []byte("a = c\n# " + body + "\n")}},
	}
	shown := strings.Join(desk.ServicePlanLines(theme.New("dark", uitest.ASCIIEnv), sp, time.Now(), 100), "\n")
	if strings.Contains(shown, body) || strings.Count(shown, "holds a private key: not shown") != 2 {
		t.Error(shown)
	}
}
