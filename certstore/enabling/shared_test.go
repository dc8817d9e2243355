package enabling

import (
	"testing"

	"certdesk/certstore/services"
)

// Three services of one nginx host and one that was not meant: each handshake is told once, by the service whose port
// it is; that of the service which was not meant, or which failed, by the one that changed it.
func TestEachHandshakeIsToldByItsOwnService(t *testing.T) {
	service := func(port string) services.Instance {
		return services.Instance{Use: "IIS", Driver: "nginx", Listen: []string{"https://127.0.0.1:" + port}}
	}
	row := func(port string) Port {
		return Port{Service: service(port), Listen: "https://127.0.0.1:" + port, Name: "mail.test"}
	}
	out := eachItsOwn([]Outcome{
		{Service: service("1"), State: Enabled, Ports: []Port{row("1"), row("2"), row("3"), row("4"), row("5")}},
		{Service: service("2"), State: Enabled, Ports: []Port{row("2"), row("1"), row("3")}},
		{Service: service("3"), State: Unchanged, Ports: []Port{row("3"), row("2"), row("1")}},
		{Service: service("5"), State: LeftAlone},
	})
	got := ""
	for _, o := range out {
		for _, p := range o.Ports {
			got += p.Listen[len(p.Listen)-1:]
		}
		got += " "
	}
	if want := "145 2 3  "; got != want {
		t.Errorf("the handshakes of each outcome are %s, not %s", got, want)
	}
}
