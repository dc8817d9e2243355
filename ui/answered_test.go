package ui

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// Every key and every paste has an effect or a word why not: on each screen a paste and a key that means nothing there
// change the frame, if only its last line.
func TestNoKeyAndNoPasteVanishes(t *testing.T) {
	for _, scene := range scenes {
		t.Run(scene.name, func(t *testing.T) {
			for name, send := range map[string]func(r *driver){
				"a paste":          func(r *driver) { r.paste("-----BEGIN CERTIFICATE-----\nMIIB\n") },
				"an unbound key":   func(r *driver) { r.send(tea.KeyMsg{Type: tea.KeyF8}) },
				"an unbound chord": func(r *driver) { r.send(tea.KeyMsg{Type: tea.KeyCtrlG}) },
			} {
				r := articleDesk(t, 100, 30)
				scene.open(r)
				before := r.app.View()
				if send(r); r.app.View() == before {
					t.Errorf("%s vanishes:\n%s", name, r.screen())
				}
			}
		})
	}
}

func TestWhatDoesNothingSaysWhatWould(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.paste("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
	r.sees("a paste does nothing here: i imports pasted text")
	r.keys("Z")
	r.sees("Z does nothing here: ? shows the keys")
	r.keys("down")
	r.seesNot("does nothing here")
	r.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.Repeat("abc ", 30))})
	r.sees("a paste does nothing here")
}

// A slow line brings the letters of a person who filters as one message, which no terminal brackets: they are typed. Where
// no filter opens, the same is a paste, and none of its letters is a key.
func TestAFilterThatComesInOnePieceIsTyped(t *testing.T) {
	inOnePiece := func(r *driver, text string) { r.send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)}) }
	r := articleDesk(t, 100, 30)
	inOnePiece(r, "/webmail")
	r.sees("/ webmail")
	r.seesNot("a paste does nothing here")
	inOnePiece(r, "query")
	r.sees("/ webmailquery")
	r = articleDesk(t, 100, 30)
	r.keys("D")
	r.wait()
	inOnePiece(r, "/yqD")
	inOnePiece(r, "/remove")
	r.sees("[ Cancel ]", "a paste")
	if depth := len(r.app.frames); depth != 2 {
		t.Errorf("%d screens are open, want the table and the dialog:\n%s", depth, r.screen())
	}
}

func TestAnEarlyKeyIsToldThatItWasEarly(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("D")
	r.sees("( Cancel )", "( Remove )")
	r.keys("tab")
	r.sees("one moment: this has only just opened")
	r.wait()
	r.sees("[ Cancel ]", "[ Remove ]")
	r.seesNot("one moment")
	r.paste("lose the key")
	r.sees("a paste answers nothing here")
}

func TestTheReviewsButtonLooksDeafWhileItIs(t *testing.T) {
	r := storeDesk(t, 100, 40)
	startWizard(r)
	fillIn(r)
	r.keys("ctrl+n", "ctrl+n", "ctrl+n", "tab")
	r.sees("( Create the request )  one moment")
	r.keys("enter")
	r.sees("one moment: this page has only just opened")
	if len(r.entries()) > 0 {
		t.Fatal("a key in flight made something")
	}
	r.wait()
	r.sees("[ Create the request ]")
}
