package settings_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/config"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/domains"
	"certdesk/certstore/services/daemon"
	"certdesk/ui/screen"
	"certdesk/ui/settings"
	"certdesk/ui/theme"
	"certdesk/ui/uitest"
)

// house is a desk on a real store whose configuration can be changed.
func houseDesk(t *testing.T, text string) (r *uitest.Driver, path string) {
	t.Helper()
	dir := t.TempDir()
	r = uitest.StoreDeskIn(t, dir, 100, 30)
	path = filepath.Join(dir, "certdesk.toml")
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(text, "DIR", dir)), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Desk.Settings = path
	r.Desk.Reopen = reopening(r.Desk.Config)
	return r, path
}

func reopening(was screen.Config) func(config.Config) (screen.Config, error) {
	return func(c config.Config) (screen.Config, error) {
		next := was
		var err error
		next.Store, err = certstore.Open(certstore.Options{Dir: was.Store.Dir(), Now: was.Now, NewKey: uitest.SmallKeys, Trust: c.Trust})
		next.Env.AcceptedDomains, next.Reopen = c.AcceptedDomains.Configured(), reopening(was)
		next.Settings, next.Theme = was.Settings, c.Theme
		if next.Domains = nil; c.AcceptedDomains.Elsewhere() {
			next.Domains = func(ctx context.Context) domains.Listing { return c.AcceptedDomains.Read(ctx, daemon.Host{}) }
		}
		return next, err
	}
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// saves presses the keys up to the page that shows what would be written, and saves it.
func saves(r *uitest.Driver, keys ...string) {
	r.T.Helper()
	r.Keys(keys...)
	r.Sees("This would be written")
	r.Wait()
	r.Keys("enter")
	r.Sees("saved, and in use")
}

func history(t *testing.T, r *uitest.Driver) string {
	t.Helper()
	events, err := r.Desk.Store.History(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, ev := range events {
		texts = append(texts, ev.Text)
	}
	return strings.Join(texts, "\n")
}

func TestASettingIsTriedShownSavedAndUsed(t *testing.T) {
	r, path := houseDesk(t, "# ours\n[accepted_domains]\nnames = [\n  \"proexchange.global\", # first\n]\n")
	r.Keys(",", "enter")
	r.Typing(", beer.example")
	r.Keys("enter")
	r.Sees("+  \"beer.example\",", "autodiscover.beer.example")
	if got := content(t, path); strings.Contains(got, "beer") {
		t.Fatalf("written before it was saved:\n%s", got)
	}
	r.Keys("enter") // too early to be meant
	if got := content(t, path); strings.Contains(got, "beer") {
		t.Fatalf("written by a key that was on its way:\n%s", got)
	}
	r.Wait()
	r.Keys("enter")
	r.Sees("saved, and in use", "proexchange.global, beer.example")
	if got := content(t, path); got != "# ours\n[accepted_domains]\nnames = [\n  \"proexchange.global\", # first\n  \"beer.example\",\n]\n" {
		t.Error(got)
	}
	if len(r.Desk.Env.AcceptedDomains) != 2 {
		t.Error("the desk goes on with", r.Desk.Env.AcceptedDomains)
	}
	if got := history(t, r); !strings.Contains(got, "accepted_domains.names is [") || !strings.Contains(got, path) {
		t.Error(got)
	}
}

func TestSourcesOfDomainsAreTriedOnTheSpot(t *testing.T) {
	daemontest.Need(t, "postconf")
	r, path := houseDesk(t, "[accepted_domains]\nnames = [\"proexchange.global\"]\n")
	postfix := t.TempDir()
	daemontest.Put(t, filepath.Join(postfix, "main.cf"), "mydestination = beer.org, pcre:/x\nmaillog_file =\n")
	daemontest.Put(t, filepath.Join(postfix, "master.cf"), "")
	r.Keys(",", "down", "enter")
	r.Typing(postfix)
	r.Keys("enter")
	r.Sees("This would be written", "Postfix in "+postfix[:20], "1 domain", "beer.org", "pcre:/x", "only asked", "autodiscover.beer.org")
	r.Wait()
	r.Keys("enter")
	r.Sees("saved, and in use")
	if r.Desk.Domains == nil || !strings.Contains(content(t, path), "postfix = \""+postfix) {
		t.Error(content(t, path))
	}
	r.Keys("down", "down", "enter")
	r.Typing("ldap://127.0.0.1:1")
	r.Keys("ctrl+n")
	r.Sees("This would be written", "nothing listens there", "Start the directory", "url = \"ldap://127.0.0.1:1\"")
	r.Wait()
	r.Keys("enter")
	r.Sees("saved, and in use", "ldap://127.0.0.1:1")
	r.Keys("enter", "down", "down", "space", "ctrl+n")
	saves(r)
	if got := content(t, path); !strings.Contains(got, "start_tls = true") {
		t.Error(got)
	}
	saves(r, "D")
	if got := content(t, path); strings.Contains(got, "127.0.0.1:1") || strings.Contains(got, "start_tls") {
		t.Error(got)
	}
	r.Keys("q", "n", "ctrl+n")
	r.Sees("proexchange.global, beer.org")
}

func TestRootsThatAreTakenOutJudgeTheTableAnew(t *testing.T) {
	r, path := houseDesk(t, "trust = [\"DIR/root.pem\"] # the house's\n")
	answer := uitest.FileWith(t, "answer.cer", uitest.Answer(t, uitest.Pending(r, "mail.example.org")))
	r.Chosen(answer, "")
	r.Keys("ctrl+n", "enter", "esc")
	r.Run(r.App.Relist())
	if list := r.Entries(); len(list) != 1 || list[0].Verdict.Word != "valid" {
		t.Fatalf("%+v\n%s", list, r.Screen())
	}
	r.Keys(",", "down", "down", "down", "down", "down", "D")
	r.Sees("valid becomes untrusted: web", "-trust")
	r.Wait()
	r.Keys("enter")
	if e := r.Desk.Entries; len(e) != 1 || e[0].Verdict.Word != "untrusted" {
		t.Errorf("%+v", e)
	}
	r.Keys("enter")
	r.Typing("/nowhere.pem")
	r.Keys("enter")
	r.Sees("This cannot be saved", "/nowhere.pem cannot be used")
	r.SeesNot("Save it")
	r.Wait()
	r.Keys("enter", "ctrl+u")
	r.Typing(filepath.Join(filepath.Dir(path), "root.pem"))
	r.Keys("enter")
	r.Sees("untrusted becomes valid: web", "CN=Test CA")
}

func TestColoursAreSeenAtOnceAndTakenBack(t *testing.T) {
	r, path := houseDesk(t, "")
	var asked []string
	r.Desk.StylesOf = func(name string) theme.Styles { asked = append(asked, name); return theme.Plain() }
	before := r.Desk.Styles.Selected.Render("x")
	r.Keys(",", "down", "down", "down", "down", "down", "down", "enter", "down", "space", "down", "space")
	if !slices.Equal(asked, []string{"light", "dark"}) {
		t.Error(asked)
	}
	r.Keys("esc")
	if r.Desk.Styles.Selected.Render("x") != before {
		t.Error("the colours stay")
	}
	saves(r, "enter", "down", "space", "ctrl+n")
	if got := content(t, path); got != "theme = \"light\"\n" || r.Desk.Theme != "light" {
		t.Errorf("%q %q", got, r.Desk.Theme)
	}
}

func TestServicesAndFiltersComeAndGo(t *testing.T) {
	r, path := houseDesk(t, "role = \"hub\"\n")
	r.Keys(",", "end", "up", "up", "up", "enter", "tab", "end", "space", "tab", "tab", "tab")
	r.Typing(t.TempDir())
	r.Keys("tab", "tab", "tab")
	r.Typing("systemctl reload \"my voice\"")
	r.Keys("enter")
	r.Sees("only services that the file names are used")
	r.Wait()
	r.Keys("enter")
	if got := content(t, path); !strings.Contains(got, "driver = \"command\"\n") || !strings.Contains(got, `"my voice"]`) {
		t.Fatal(got)
	}
	r.Keys("end", "enter")
	r.Typing("soon")
	r.Keys("enter")
	r.Typing("days<x")
	r.Sees("Days< takes a number")
	r.Keys("backspace")
	r.Typing("30")
	saves(r, "enter")
	if got := content(t, path); !strings.HasSuffix(got, "[[filter]]\nname = \"soon\"\nshow = \"days<30\"\n") {
		t.Error(got)
	}
	saves(r, "end", "up", "D")
	if got := content(t, path); strings.Contains(got, "filter") {
		t.Error(got)
	}
}

func TestWhatSomebodyElseChangedIsLeftAlone(t *testing.T) {
	r, path := houseDesk(t, "role = \"hub\"\n")
	r.Keys(",", "enter")
	r.Typing("beer.example")
	r.Keys("enter")
	r.Wait()
	if err := os.WriteFile(path, []byte("role = \"edge\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.Keys("enter")
	r.Sees("was changed by", "and is left as it is")
	if got := content(t, path); got != "role = \"edge\"\n" {
		t.Error(got)
	}
}

func TestWhoMayOnlyReadSeesAllAndChangesNothing(t *testing.T) {
	r, path := houseDesk(t, "role = \"hub\" # ours\n")
	r.Desk.ReadOnly = true
	r.Keys(",")
	r.Sees("This desk is read-only", "hub", "line 1")
	for _, k := range []string{"enter", "D"} {
		r.Keys(k)
		r.Sees("nothing can be changed here")
	}
	if got := content(t, path); got != "role = \"hub\" # ours\n" {
		t.Error(got)
	}
}

// TestKeysToAutodiscoverOfTwoDomains counts the keys beside what is typed: six at most, on a machine without
// configuration.
func TestKeysToAutodiscoverOfTwoDomains(t *testing.T) {
	t.Run("in the form", func(t *testing.T) {
		r := uitest.StoreDesk(t, 80, 24)
		r.Desk.Env.AcceptedDomains = nil
		r.Keys("n", "ctrl+n")
		r.Typing("webmail.beer.example, webmail.wine.example")
		r.Keys("down", "down", "space")
		r.Sees("autodiscover.beer.example", "autodiscover.wine.example")
	})
	t.Run("by the settings, for good", func(t *testing.T) {
		r, _ := houseDesk(t, "")
		r.Keys(",", "enter")
		r.Typing("beer.example, wine.example")
		r.Keys("enter")
		r.Sees("autodiscover.beer.example", "autodiscover.wine.example")
		r.Wait()
		r.Keys("enter")
		r.Sees("saved, and in use")
	})
}

func TestCommandsKeepTheirBlanks(t *testing.T) {
	for _, list := range [][]string{{"a", "b c", "d"}, {"x"}, nil} {
		if got := settings.SplitWords(settings.JoinWords(list)); !slices.Equal(got, list) {
			t.Errorf("%q became %q", list, got)
		}
	}
	if got := settings.SplitList(" a,b ; a,, c"); !slices.Equal(got, []string{"a", "b", "c"}) {
		t.Errorf("%q", got)
	}
}

// Where certificates are published is looked at before it is saved; nothing is written there to try.
func TestWhereCertificatesArePublishedIsTriedOnTheSpot(t *testing.T) {
	r, path := houseDesk(t, "")
	password := filepath.Join(t.TempDir(), "password")
	daemontest.Put(t, password, "secret")
	r.Keys(",")
	r.Keys(slices.Repeat([]string{"down"}, 15)...)
	r.Sees("> Published in", "the entry of this server has the certificates")
	r.Keys("enter")
	r.Typing("ldap://127.0.0.1:1")
	r.Keys("tab", "tab")
	r.Typing("cn=w")
	r.Keys("tab")
	r.Typing(password)
	r.Keys("ctrl+n")
	r.Sees("is no name of an entry")
	r.Keys("tab", "tab")
	r.Typing("cn=mail01,dc=b")
	r.Keys("ctrl+n")
	r.Sees("nothing listens there", "= \"cn=mail01,dc=b\"")
	r.Wait()
	r.Keys("enter")
	if got := content(t, path); !strings.Contains(got, "[publish]\n") || strings.Contains(got, "attribute") {
		t.Error(got)
	}
}
