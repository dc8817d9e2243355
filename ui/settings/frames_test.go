package settings_test

import (
	"os"
	"path/filepath"
	"testing"

	"certdesk/certstore/config"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
	"certdesk/ui/screen"
	"certdesk/ui/settings"
	"certdesk/ui/uitest"
)

const house = `# our settings
server = "mail01.proexchange.global"
trust  = ["/etc/ssl/internal-root.pem"]

[accepted_domains]
names = [
  "proexchange.global",
  "belgianbeers.rock", # since 2019
]

[[service]]
use    = "SMTP"
driver = "postfix"
config = "/etc/postfix"

[[filter]]
name = "soon"
show = "days<30 svc:smtp"
`

// houseFile is the file as it would lie in its usual place.
func houseFile(t *testing.T) config.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "certdesk.toml")
	if err := os.WriteFile(path, []byte(house), 0o600); err != nil {
		t.Fatal(err)
	}
	// What it names need not be here.
	f, err := config.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	f.Path = config.DefaultPath
	return f
}

// opened shows the settings of a file, and the desk as one that can change them.
func opened(r *uitest.Driver, msg settings.ReadMsg) {
	r.Desk.Reopen = func(config.Config) (screen.Config, error) { return screen.Config{}, nil }
	r.Keys(",")
	r.Send(msg)
}

func draftOf(f config.File, changes ...config.Change) config.Draft {
	d, err := f.With(changes...)
	if err != nil {
		panic(err)
	}
	return d
}

func TestSettingsScenes(t *testing.T) {
	f := houseFile(t)
	domains := config.Change{Table: "accepted_domains", Key: "names", Value: []string{"proexchange.global", "belgianbeers.rock", "beer.example"}}
	denied := fail.New(fail.NotPermitted, "run certdesk as root to change the settings", "you may not change %s", f.Path)
	found := &enabling.Survey{Ports: []enabling.Port{{Service: services.Instance{Use: "IMAP", Driver: "dovecot", Config: "/etc/dovecot/dovecot.conf"}}}}
	uitest.Check(t, []uitest.Scene{
		{Name: "settings", Open: func(r *uitest.Driver) { opened(r, settings.ReadMsg{File: f}) }},
		{Name: "settings-new", Open: func(r *uitest.Driver) {
			r.Desk.Survey = found
			opened(r, settings.ReadMsg{File: config.File{Path: config.DefaultPath}})
		}},
		{Name: "settings-fixed", Open: func(r *uitest.Driver) { opened(r, settings.ReadMsg{File: f, Fixed: denied}) }},
		{Name: "settings-edit", Open: func(r *uitest.Driver) {
			opened(r, settings.ReadMsg{File: f})
			r.Keys("enter")
			r.Typing(", beer_example")
			r.Send(settings.TriedInVain(fail.New(fail.InvalidConfig, "write a mail domain, such as example.org", "entry 3 of accepted_domains.names: %q is not a domain", "beer_example")))
		}},
		{Name: "settings-service", Open: func(r *uitest.Driver) {
			opened(r, settings.ReadMsg{File: f})
			r.Keys("end", "up", "up", "up", "up", "up", "enter", "tab")
		}},
		{Name: "settings-acme", Open: func(r *uitest.Driver) {
			opened(r, settings.ReadMsg{File: f})
			r.Keys("end", "up", "up", "up", "enter", "tab", "tab", "tab", "tab", "down", "down", "space", "tab", "tab")
		}},
		{Name: "settings-tried", Open: func(r *uitest.Driver) {
			opened(r, settings.ReadMsg{File: f})
			r.Keys("enter")
			r.Send(settings.Tried(draftOf(f, domains),
				trust.Finding{Severity: trust.Info, Text: "with both switches on, a new request has proexchange.global, autodiscover.proexchange.global"},
				trust.Finding{Severity: trust.Warning, Text: "beer.example is found in no DNS that this host asks"}))
			r.Wait()
		}},
	})
}
