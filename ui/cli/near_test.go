package cli

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// When hours are left, the day alone misleads: every command that tells the end of a certificate tells its time and zone.
func TestHoursLeftAreToldWithTimeAndZone(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	e := o.selfSigned("mail.example.org")
	v := o.newVoice("UM", "tls")
	o.must("enable", e.Thumbprint, "--services", "UM")
	next := o.selfSigned("mail.example.org", "--friendly-name", "next")
	end, err := time.Parse(time.RFC3339, *e.NotAfter)
	if err != nil {
		t.Fatal(err)
	}
	if v.serves() != e.SHA256 {
		t.Fatal("it is not served")
	}
	o.now = end.Add(-5 * time.Hour)
	day, near, cell := end.UTC().Format("2 Jan 2006"), end.UTC().Format("2 Jan 2006 15:04 UTC"), end.UTC().Format("2 Jan 15:04 UTC")
	for _, args := range [][]string{
		{"list"}, {"show", e.Thumbprint}, {"enable", e.Thumbprint, "--services", "UM"}, {"enable", next.Thumbprint, "--services", "UM", "--print"},
		{"test"}, {"test", strings.TrimPrefix(v.url, "tls://")}, {"remove", next.Thumbprint, "--yes"},
	} {
		r := o.run(args...)
		if said := r.out + r.err; !strings.Contains(said, near) && !strings.Contains(said, cell) {
			t.Errorf("%v does not tell %q:\n%s", args, near, said)
		}
		asOf := regexp.MustCompile(`(?m)^As of .*$`)
		for _, rest := range strings.Split(asOf.ReplaceAllString(r.out+r.err, ""), day)[1:] {
			if !strings.HasPrefix(day+rest, near[:len(day)+3]) {
				t.Errorf("%v tells the day alone: %s%.40s", args, day, rest)
			}
		}
	}
}
