package kit

import (
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/theme"
)

// Grace is how long a dialog that has just opened answers to nothing but esc: what was typed before a person
// could see it must not answer it.
const Grace = 400 * time.Millisecond

// Answer is what a person did with a dialog.
type Answer int

// The answers: still open, closed without effect, or the button with that number (Chosen + its index).
const (
	Open Answer = iota
	Closed
	Chosen
)

// Dialog asks one question. Its first button is where the focus starts, so a destructive dialog puts Cancel
// first; with Word set, the other buttons answer only once that word has been typed.
type Dialog struct {
	Title   string
	Lines   []string // what it will do; foreign text in it must have passed Printable
	Buttons []string // the first is the safe one: esc means it
	Word    string   // to be typed before any other button answers, or ""
	Danger  bool     // drawn as a warning

	typed string
	said  string // what to type instead
	focus int
	awake bool
}

// Wake ends the grace period. The owner calls it Grace after the dialog was shown.
func (d Dialog) Wake() Dialog { d.awake, d.said = true, ""; return d }

// Typing says whether letters belong to the dialog's field.
func (d Dialog) Typing() bool { return d.Word != "" }

// Update takes one key. A dialog that is not awake hears esc alone, and a paste never answers.
func (d Dialog) Update(msg tea.KeyMsg) (Dialog, Answer) {
	switch {
	case msg.Type == tea.KeyEsc:
		return d, Closed
	case !d.awake:
		d.said = "one moment: this has only just opened"
		return d, Open
	case msg.Paste:
		d.said = "a paste answers nothing here: type it, or press a key"
		return d, Open
	}
	d.said = ""
	switch msg.Type {
	case tea.KeyTab, tea.KeyRight, tea.KeyDown:
		return d.move(1), Open
	case tea.KeyShiftTab, tea.KeyLeft, tea.KeyUp:
		return d.move(-1), Open
	case tea.KeyEnter:
		return d.enter()
	}
	return d.edit(msg), Open
}

func (d Dialog) move(by int) Dialog {
	d.focus = (d.focus + by + len(d.Buttons)) % len(d.Buttons)
	return d
}

func (d Dialog) enter() (Dialog, Answer) {
	if d.focus == 0 && d.Word != "" && d.wordTyped() {
		return d.move(1), Open // the word is right: bring the person to the button, enter there does it
	}
	if d.Word != "" && !d.wordTyped() && (d.focus > 0 || d.typed != "") {
		d.said = d.refusal()
		return d, Open
	}
	return d, Chosen + Answer(d.focus)
}

// PressButton are the keys that press a button, wherever the focus is.
func (d Dialog) PressButton(i int) []tea.KeyMsg {
	if i == 0 {
		return []tea.KeyMsg{PressKey("esc")} // enter there goes on to the next button, once the word is typed
	}
	return append(Way(d.focus, i, "left", "right"), PressKey("enter"))
}

func (d Dialog) refusal() string {
	if strings.TrimSpace(d.typed) == "" {
		return "type " + Quoted(d.Word) + " first"
	}
	return "that is not " + Quoted(d.Word) + ": type these words, or press esc"
}

func (d Dialog) wordTyped() bool { return strings.TrimSpace(d.typed) == d.Word }

func (d Dialog) edit(msg tea.KeyMsg) Dialog {
	if d.Word == "" {
		return d.letter(msg)
	}
	switch msg.Type {
	case tea.KeyBackspace, tea.KeyDelete:
		if r := []rune(d.typed); len(r) > 0 {
			d.typed = string(r[:len(r)-1])
		}
	case tea.KeyCtrlU:
		d.typed = ""
	case tea.KeyRunes, tea.KeySpace:
		if len(d.typed) < 64 {
			d.typed += Printable(string(msg.Runes))
		}
	}
	return d
}

// letter lets h and l move between the buttons, as j and k do elsewhere.
func (d Dialog) letter(msg tea.KeyMsg) Dialog {
	switch msg.String() {
	case "h", "k":
		return d.move(-1)
	case "l", "j":
		return d.move(1)
	}
	return d
}

// View draws the dialog's box, at most w×h cells.
func (d Dialog) View(s theme.Styles, w, h int) string {
	inner := min(w-6, 66)
	var lines []string
	for _, text := range d.Lines {
		lines = append(lines, Wrap(text, inner)...)
	}
	tail := d.tail(s, inner)
	if room := h - 4 - len(tail); len(lines) > room {
		lines = append(lines[:max(room-1, 0)], s.Muted.Render(s.Glyphs.Ellipsis))
	}
	lines = append(append(lines, ""), tail...)
	p := Pane{Title: d.Title, Body: strings.Join(lines, "\n"), Focus: true}
	if d.Danger {
		p.Title, p.Look = s.Glyphs.Warn+" "+d.Title, &s.Bad
	}
	return p.View(s, inner+PaneCells, len(lines)+PaneLines)
}

func (d Dialog) tail(s theme.Styles, w int) []string {
	if d.Word == "" && d.said != "" {
		return []string{s.Warn.Render(Cut(d.said, w, "")), PadLeft(d.buttons(s), w)}
	}
	if d.Word == "" {
		return []string{PadLeft(d.buttons(s), w)}
	}
	ask := "Type " + s.Accent.Render(Quoted(d.Word)) + " to go on: " + Cut(d.typed, 20, "") + s.Selected.Render(" ")
	return []string{Cut(ask, w, ""), s.Error.Render(Cut(d.said, w, "")), PadLeft(d.buttons(s), w)}
}

func (d Dialog) buttons(s theme.Styles) string {
	parts := make([]string, len(d.Buttons))
	for i, label := range d.Buttons {
		parts[i] = d.button(s, i, label)
	}
	return strings.Join(parts, "  ")
}

func (d Dialog) button(s theme.Styles, i int, label string) string {
	return Zone("button:"+strconv.Itoa(i), d.buttonText(s, i, label))
}

func (d Dialog) buttonText(s theme.Styles, i int, label string) string {
	style := theme.Style{}
	switch {
	case !d.awake && i == d.focus:
		return s.Accent.Render(s.Glyphs.Cursor) + s.Muted.Render("( "+label+" )")
	case !d.awake:
		return s.Muted.Render(" ( " + label + " )")
	case i == d.focus:
		return s.Accent.Render(s.Glyphs.Cursor) + s.Selected.Render("[ "+label+" ]")
	case i > 0 && !d.wordTyped():
		style = s.Muted
	}
	return style.Render(" [ " + label + " ]")
}
