package ui_test

import (
	"crypto/x509"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/importing"
	"certdesk/ui"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// clocked is an open desk on one certificate that lives from and to some days from noon of a day, and its clock.
type clocked struct {
	*uitest.Driver
	now time.Time
}

func newClocked(t *testing.T, from, to time.Duration, change func(*x509.Certificate)) *clocked {
	t.Helper()
	ca := daemontest.NewCA(t)
	noon := time.Now().Truncate(time.Hour)
	d := &clocked{now: noon}
	p := ca.Issue(t, daemontest.Wish{Names: []string{"mail.example.org"}, From: noon.Add(from), Until: noon.Add(to), Change: change})
	store, err := certstore.Open(certstore.Options{Dir: filepath.Join(t.TempDir(), "store"), Now: func() time.Time { return d.now },
		Trust: []string{ca.RootFile(t)}})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := store.Import(t.Context(), importing.Request{Sources: []importing.Source{{Data: append(p.Chain, p.Key...)}}}); err != nil {
		t.Fatal(err)
	}
	c := uitest.Hub()
	c.Store, c.Now = store, func() time.Time { return d.now }
	d.Driver = uitest.Drive(t, c, 140, 45)
	return d
}

// at lets the desk's minute pass at a moment after noon: no key is pressed.
func (d *clocked) at(after time.Duration, noon time.Time) {
	d.now = noon.Add(after)
	d.Send(screen.TimerMsg{Owner: ui.AppOwner, Msg: ui.MinuteMsg{}})
}

// Each threshold that time crosses changes the row, the header and what is said, on a desk that nobody touches.
func TestAnOpenDeskFollowsTheClock(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	type step struct {
		after      time.Duration
		row, badge string
		says       []string
	}
	for name, c := range map[string]struct {
		from, to time.Duration
		change   func(*x509.Certificate)
		steps    []step
	}{
		"a life of 90 days": {-10 * day, 80 * day, nil, []step{
			{0, "* valid", "1 valid", nil},
			{50*day - time.Minute, "* valid", "1 valid", nil},
			{50*day + time.Minute, "! expiring", "1 expiring", []string{"expires in 29 days"}},
			{73*day - time.Minute, "! expiring", "1 expiring", []string{"expires in 7 days"}},
			{73*day + time.Minute, "! expiring", "1 expiring", []string{"only 6 days left"}},
			{80*day - time.Hour, "! expiring", "1 expiring", []string{"60 minutes"}},
			{80*day + time.Minute, "x expired", "1 fault", []string{"expired on"}},
		}},
		"a life of six days": {0, 6 * day, nil, []step{
			{4*day - time.Minute, "* valid", "1 valid", nil},
			{4*day + time.Minute, "! expiring", "1 expiring", []string{"47 hours"}},
			{6*day - 14*time.Hour, "! expiring", "1 expiring", []string{"only 14 hours left"}},
			{6*day + time.Second, "x expired", "1 fault", nil},
		}},
		"one of tomorrow": {day, 80 * day, nil, []step{
			{0, "x not yet valid", "1 fault", []string{"this server's clock says"}},
			{day - time.Second, "x not yet valid", "1 fault", nil},
			{day, "* valid", "1 valid", nil},
		}},
		"an intermediate that ends first": {-10 * day, (9*365 + 70) * day, nil, []step{
			{0, "* valid", "1 valid", []string{"info     the intermediate CN=Test"}},
			{9*365*day - 20*day, "* valid", "1 valid", []string{"warning  the intermediate CN=Test", "; but the intermediate"}},
			{9*365*day + 3*day, "x untrusted", "1 fault", []string{"the intermediate CN=Test Intermediate expired on"}},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newClocked(t, c.from, c.to, c.change)
			noon := d.now
			for _, s := range c.steps {
				d.at(s.after, noon)
				screen := strings.Join(strings.Fields(d.Screen()), " ")
				for _, want := range append([]string{s.row, s.badge}, s.says...) {
					if !strings.Contains(screen, strings.Join(strings.Fields(want), " ")) {
						t.Errorf("after %v the screen does not say %q:\n%s", s.after, want, d.Screen())
					}
				}
			}
		})
	}
}

// A clock that somebody sets is told of once, forward and back; one that runs, or is put right by minutes, is not.
func TestAClockThatIsSetIsToldOfOnce(t *testing.T) {
	d := newClocked(t, -24*time.Hour, 80*24*time.Hour, nil)
	noon, passed := d.now, time.Duration(0)
	d.Desk.Steady = func() time.Duration { return passed }
	minutes := func(wall time.Duration) {
		passed += time.Minute
		d.at(wall, noon)
	}
	minutes(0)
	minutes(time.Minute)
	minutes(6 * time.Minute) // NTP
	d.SeesNot("clock")
	minutes(49 * time.Hour)
	d.Sees("this computer's clock was set forward by 2 days, to ")
	d.Wait()
	d.Keys("down")
	minutes(49*time.Hour + time.Minute)
	d.SeesNot("clock was set")
	minutes(2 * time.Minute)
	d.Sees("this computer's clock was set back by 2 days, to ")
}
