package ui_test

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/uitest"
)

// deskMode is the variable that turns the test binary into a desk, deskStore names its store.
const (
	deskMode  = "CERTDESK_TEST_DESK"
	deskStore = "CERTDESK_TEST_STORE"
)

// beDesk is main of the desk that the terminal tests start. Mode "command" and "update" add a screen on which
// the key p panics there.
func beDesk(mode string) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	store, err := certstore.Open(certstore.Options{Dir: os.Getenv(deskStore)})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 3
	}
	c := screen.Config{Store: store, Server: "mail01.proexchange.global", Now: time.Now}
	if mode == "desk" {
		err = ui.Run(ctx, c)
	} else {
		a := ui.New(screen.NewDesk(ctx, c, theme.New("auto", os.Getenv)))
		a.Open(func(*screen.Desk) screen.Screen { return &panicker{d: a.D(), mode: mode} })
		err = ui.Show(ctx, c, a)
	}
	fmt.Fprintln(os.Stderr, "ended:", err)
	return 0
}

// panicker is a screen with a fault of its own.
type panicker struct {
	uitest.Recorder
	d    *screen.Desk
	mode string
}

func (p *panicker) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	if k, ok := msg.(tea.KeyMsg); !ok || k.String() != "p" {
		return p, nil
	}
	if p.mode == "update" {
		panic("a fault in an update")
	}
	return p, p.d.Run(func(context.Context) tea.Msg { panic("a fault in a command") })
}

// TestMain pins the zone, since the desk shows local time, and is the desk itself for the terminal tests.
func TestMain(m *testing.M) {
	time.Local = time.UTC
	if mode := os.Getenv(deskMode); mode != "" {
		os.Exit(beDesk(mode))
	}
	os.Exit(m.Run())
}
