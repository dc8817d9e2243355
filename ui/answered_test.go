package ui_test

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/uitest"
)

func TestWhatDoesNothingSaysWhatWould(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Paste("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
	r.Sees("a paste does nothing here: i imports pasted text")
	r.Keys("Z")
	r.Sees("Z does nothing here: ? shows the keys")
	r.Keys("down")
	r.SeesNot("does nothing here")
	r.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(strings.Repeat("abc ", 30))})
	r.Sees("a paste does nothing here")
}

func TestAnEarlyKeyIsToldThatItWasEarly(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("D")
	r.Sees("( Cancel )", "( Remove )")
	r.Keys("tab")
	r.Sees("one moment: this has only just opened")
	r.Wait()
	r.Sees("[ Cancel ]", "[ Remove ]")
	r.SeesNot("one moment")
	r.Paste("lose the key")
	r.Sees("a paste answers nothing here")
}

func TestTheReviewsButtonLooksDeafWhileItIs(t *testing.T) {
	r := uitest.StoreDesk(t, 100, 40)
	r.Keys("n", "ctrl+n")
	r.Typing("mail.example.org")
	r.Keys("enter", "ctrl+n")
	r.Typing("Sunshine, Inc.")
	r.Keys("ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n", "tab")
	r.Sees("( Create the request )  one moment")
	r.Keys("enter")
	r.Sees("one moment: this page has only just opened")
	if len(r.Entries()) > 0 {
		t.Fatal("a key in flight made something")
	}
	r.Wait()
	r.Sees("[ Create the request ]")
}
