package ui

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/fail"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
)

// Run opens the desk on a terminal and returns when the person leaves it, or when ctx ends: then with the
// context's error. Both ends must be a terminal; the caller sees to it. However it ends, the terminal is as it
// was before; after a panic its trace is printed to standard error and the error's code is Failed.
func Run(ctx context.Context, c screen.Config) error {
	if c.Now == nil {
		c.Now = time.Now
	}
	stylesOf := func(name string) theme.Styles { return theme.New(name, os.Getenv) }
	d := screen.NewDesk(ctx, c, stylesOf(c.Theme))
	d.StylesOf = stylesOf
	return show(ctx, c, New(d))
}

// show runs an app on the terminal until it quits, or until the terminal is gone.
func show(ctx context.Context, c screen.Config, a *App) error {
	ctx, end := context.WithCancelCause(ctx)
	defer end(nil)
	a.d.Context = ctx
	out := &sharedTerminal{file: cmp.Or(c.Out, os.Stdout)}
	a.d.Clip = screen.Clipboard{Out: out, Tmux: screen.InTmux(os.Getenv)}
	screen := newCanvas(out)
	go screen.run(ctx.Done())
	p := tea.NewProgram(painted{Guard{a}, screen}, options(c, screen, end)...)
	// Not WithContext: that kills, and a killed program closes its input while a goroutine still reads it.
	defer context.AfterFunc(ctx, p.Quit)()
	_, err := p.Run()
	return Outcome(ctx, a, err, os.Stderr)
}

// options leave signals to the caller's context, so that SIGHUP restores the terminal as SIGTERM does.
func options(c screen.Config, out io.Writer, end context.CancelCauseFunc) []tea.ProgramOption {
	in := cmp.Or(c.In, os.Stdin)
	list := []tea.ProgramOption{tea.WithAltScreen(), tea.WithFilter(heard), tea.WithoutSignalHandler(),
		tea.WithInput(hangup{in, end}), tea.WithOutput(out),
		tea.WithFPS(1)} // it paints nothing: see canvas
	if !c.NoMouse {
		list = append(list, tea.WithMouseCellMotion())
	}
	return list
}

func Outcome(ctx context.Context, a *App, err error, stderr io.Writer) error {
	switch {
	case a.trace != "":
		fmt.Fprintln(stderr, a.trace)
		return fail.New(fail.Failed, "please report the lines above; nothing that was stored is lost",
			"certdesk itself has failed")
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case errors.Is(err, tea.ErrProgramPanic):
		return fail.New(fail.Failed, "please report the lines above; nothing that was stored is lost",
			"certdesk itself has failed")
	case err != nil:
		return fail.New(fail.Failed, "the commands work without a terminal: certdesk --help",
			"the terminal cannot be used: %w", err)
	}
	return nil
}

// Guard is an App whose panics, of a command and of Update, are caught before Bubble Tea does so, which would print the
// trace on the screen it is about to leave. The desk on a terminal and the desk by lines run it.
type Guard struct{ App *App }

// Init implements tea.Model.
func (g Guard) Init() tea.Cmd { return Guarded(g.App.Init()) }

// Update implements tea.Model.
func (g Guard) Update(msg tea.Msg) (m tea.Model, cmd tea.Cmd) {
	defer func() {
		if r := recover(); r != nil {
			g.App.trace = screen.Traced(r).Trace
			m, cmd = g, tea.Quit
		}
	}()
	_, cmd = g.App.Update(msg)
	return g, Guarded(cmd)
}

// View implements tea.Model. After a panic nothing is drawn: what it left may not be whole.
func (g Guard) View() string {
	if g.App.trace != "" {
		return ""
	}
	return trimmed(g.App.View())
}

// trimmed leaves out the blanks at the lines' ends, half of a frame's bytes: the terminal is told to erase the rest
// of a line that is shorter than it.
func trimmed(frame string) string {
	lines := strings.Split(frame, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func Guarded(cmd tea.Cmd) tea.Cmd {
	if cmd == nil {
		return nil
	}
	return func() (msg tea.Msg) {
		defer func() {
			if r := recover(); r != nil {
				msg = screen.Traced(r)
			}
		}()
		msg = cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			for i := range batch {
				batch[i] = Guarded(batch[i])
			}
		}
		return msg
	}
}
