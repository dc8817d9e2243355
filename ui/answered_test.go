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

// A slow line brings the letters of a person who filters as one message, which no terminal brackets: they are typed.
// Where no filter opens, the same is a paste, and none of its letters is a key.
func TestAFilterThatComesInOnePieceIsTyped(t *testing.T) {
	inOnePiece := func(r *uitest.Driver, text string) { r.Send(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text)}) }
	r := uitest.ArticleDesk(t, 100, 30)
	inOnePiece(r, "/webmail")
	r.Sees("/ webmail")
	r.SeesNot("a paste does nothing here")
	inOnePiece(r, "query")
	r.Sees("/ webmailquery")
	r = uitest.ArticleDesk(t, 100, 30)
	r.Keys("D")
	r.Wait()
	inOnePiece(r, "/yqD")
	inOnePiece(r, "/remove")
	r.Sees("[ Cancel ]", "a paste")
	if depth := r.Depth(); depth != 2 {
		t.Errorf("%d screens are open, want the table and the dialog:\n%s", depth, r.Screen())
	}
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
