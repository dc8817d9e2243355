package ui

import (
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/trust"
	"certdesk/certstore/when"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// clockReading is what the clock on the wall said, and the one that nobody sets, at one moment.
type clockReading struct {
	wall   time.Time
	steady time.Duration
}

func readClock(d *screen.Desk) clockReading { return clockReading{d.Now().Round(0), d.Steady()} }

// clockChanged says once that somebody has set the clock, since every verdict on dates follows it. What two clocks may
// differ by is no change.
func (a *App) clockChanged() tea.Cmd {
	was, is := a.live.clock, readClock(a.d)
	a.live.clock = is
	jump := is.wall.Sub(was.wall) - (is.steady - was.steady)
	if jump.Abs() <= trust.ClockSkew || was.wall.IsZero() {
		return nil
	}
	way := "forward"
	if jump < 0 {
		way = "back"
	}
	return screen.Notice("this computer's clock was set " + way + " by " + words.Lasting(jump.Abs()) + ", to " +
		when.Minute(is.wall.Local()) + "; everything is judged by that now")
}
