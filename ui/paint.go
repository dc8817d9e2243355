package ui

import (
	"bytes"
	"strings"
	"sync"
	"time"

	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/x/ansi"

	"certdesk/ui/kit"
)

// framesPerSecond is how many frames are painted at most.
const framesPerSecond = 30

// painted is the model Bubble Tea runs: its frames go to the canvas.
type painted struct {
	Guard
	screen *canvas
}

// Update implements tea.Model.
func (p painted) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if size, ok := msg.(tea.WindowSizeMsg); ok {
		p.screen.resized(size.Width)
	}
	_, cmd := p.Guard.Update(msg)
	return p, cmd
}

// View implements tea.Model.
func (p painted) View() string { return p.screen.show(p.Guard.View()) }

// canvas is the terminal as Bubble Tea is given it, and paints the frames. Bubble Tea's own painter looks at a clock
// for news, 30 times a second for keys to be answered in time: that was all that an idle desk cost, 0.4 % of a
// processor. This one waits for news. Bubble Tea keeps everything else: raw mode, the alternate screen, cursor, pastes,
// sizes.
type canvas struct {
	*sharedTerminal
	news chan struct{}

	mu    sync.Mutex
	open  bool     // the alternate screen is there: only then is anything painted
	next  string   // the frame to be painted
	shown []string // the lines that are there; nil where nobody knows
	width int      // of the terminal
}

func newCanvas(t *sharedTerminal) *canvas {
	return &canvas{sharedTerminal: t, news: make(chan struct{}, 1)}
}

// Write passes on what Bubble Tea writes, and learns from it when the alternate screen comes and goes: at the start,
// the end, and a suspension.
func (c *canvas) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case bytes.Contains(p, []byte(ansi.SetModeAltScreenSaveCursor)):
		c.open = true
	case bytes.Contains(p, []byte(ansi.EraseEntireScreen)):
		c.shown = nil
	case bytes.Contains(p, []byte(ansi.ResetModeAltScreenSaveCursor)):
		c.open = false
	}
	return c.sharedTerminal.Write(p)
}

// show has a frame painted soon, and gives its first line: all that Bubble Tea is told, to paint once more at its
// leisure.
func (c *canvas) show(frame string) (first string) {
	c.mu.Lock()
	c.next = frame
	c.mu.Unlock()
	select {
	case c.news <- struct{}{}:
	default: // the painter has not come to what was before
	}
	first, _, _ = strings.Cut(frame, "\n")
	return first
}

// resized has the next frame painted whole: nobody knows what a terminal makes of the old one.
func (c *canvas) resized(width int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.width, c.shown = width, nil
}

// run paints until done is closed: a frame at once, and what comes within a frame's time of it as one.
func (c *canvas) run(done <-chan struct{}) {
	for {
		select {
		case <-done:
			return
		case <-c.news:
		}
		c.paint()
		time.Sleep(time.Second / framesPerSecond)
	}
}

// paint sends the lines that changed, in one write.
func (c *canvas) paint() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.open || c.next == "" {
		return
	}
	lines := strings.Split(c.next, "\n")
	if text := c.changed(lines); text != "" {
		c.sharedTerminal.Write([]byte(text)) // of a terminal that is gone, the other end tells
	}
	c.shown = lines
}

// changed is what turns the lines that are shown into others, "" for nothing.
func (c *canvas) changed(lines []string) string {
	var b strings.Builder
	for i, line := range lines {
		if i < len(c.shown) && c.shown[i] == line {
			continue
		}
		from, to := 0, len(line)
		if i < len(c.shown) {
			from = alike(c.shown[i], line)
			to -= alikeEnd(c.shown[i], line, from)
		}
		b.WriteString(ansi.CursorPosition(kit.Width(line[:from])+1, i+1) + line[from:to])
		if to == len(line) && kit.Width(line) < c.width { // behind a full line the cursor stands on its last cell still
			b.WriteString(ansi.EraseLineRight)
		}
	}
	if len(c.shown) > len(lines) {
		b.WriteString(ansi.CursorPosition(1, len(lines)+1) + ansi.EraseScreenBelow)
	}
	return b.String()
}

// alike is how many bytes two lines begin with that need not be sent again: up to a blank or the begin of a style,
// where none is in force, so that nothing is left out of a character, a sequence or a look.
func alike(old, line string) (same int) {
	styled := false
	for i := range min(len(old), len(line)) {
		if old[i] != line[i] {
			break
		}
		switch {
		case strings.HasPrefix(line[i:], styleEnd):
			styled = false
		case line[i] == '\x1b' && !styled:
			same, styled = i, true
		case line[i] == ' ' && !styled:
			same = i
		}
	}
	return same
}

// alikeEnd is how many bytes two lines of one width end with that need not be sent again, behind the first from: from
// the first blank or begin of a style where a style has ended in both.
func alikeEnd(old, line string, from int) int {
	n := 0
	for n < min(len(old), len(line))-from && old[len(old)-1-n] == line[len(line)-1-n] {
		n++
	}
	_, rest, ended := strings.Cut(line[len(line)-n:], styleEnd)
	at := strings.IndexAny(rest, " \x1b")
	if !ended || at < 0 || kit.Width(old) != kit.Width(line) {
		return 0
	}
	return len(rest) - at
}

// styleEnd is how a style ends: all of it.
const styleEnd = "\x1b[0m"
