package enabling

import (
	"net/http/httptest"
	"strings"
	"testing"

	"certdesk/certstore/services"
)

func TestPortsAreAskedOnceMoreBehindAPrune(t *testing.T) {
	t.Parallel()
	web := httptest.NewTLSServer(nil)
	defer web.Close()
	url := "tls://" + web.Listener.Addr().String()
	in := services.Instance{Use: "UM", Driver: "command", Install: t.TempDir(), Listen: []string{url}}
	svc, err := services.New(services.Host{}, in)
	if err != nil {
		t.Fatal(err)
	}
	ds, _ := holding(t, nil)
	turn := &turn{Daemons: ds, sp: ServicePlan{Service: in, svc: svc}}
	before := turn.ask(t.Context(), turn.everyPort(t.Context()))
	if len(before) != 1 || !before[0].Report.Served() {
		t.Fatalf("%+v", before)
	}
	if err := turn.stillServed(t.Context(), before); err != nil {
		t.Fatal(err)
	}
	web.Close()
	if err := turn.stillServed(t.Context(), before); err == nil || !strings.Contains(err.Error(), url) {
		t.Error(err)
	}
}
