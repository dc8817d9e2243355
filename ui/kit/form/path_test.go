package form

import (
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"
)

// at is a path field that looks at entries whatever is typed.
func at(entries ...PathEntry) (*Form, *Path) {
	SortEntries(entries)
	p := NewPath("p", "File", "", "", func(p *Path, dir string) tea.Cmd {
		return func() tea.Msg { return PathListed{For: p, Dir: dir, Entries: entries} }
	})
	f := New(p, NewText("next", "Next", ""))
	f.Update(f.Focus("p")())
	return f, p
}

func TestTabFindsANameWhateverItsCapitals(t *testing.T) {
	for _, c := range []struct {
		names       []string
		typed, want string
	}{
		{[]string{"ANSWER.CER"}, "ans", "ANSWER.CER"},
		{[]string{"ANSWER.CER", "answer.txt"}, "ans", "answer.txt"},
		{[]string{"Answer1.cer", "ANSWER2.CER"}, "ans", "answer"},
		{[]string{"Answer1.cer", "Answer2.cer"}, "Ans", "Answer"},
		{[]string{"b.cer"}, "a", "a"},
		{[]string{"größe-1", "größe-2"}, "g", "größe-"},
		{[]string{"größe", "gröber"}, "g", "grö"},
		{[]string{"a\xff1", "a\xff2"}, "a", "a"},
	} {
		var entries []PathEntry
		for _, name := range c.names {
			entries = append(entries, PathEntry{Name: name})
		}
		f, p := at(entries...)
		typeKeys(f, c.typed, "tab")
		if p.Text.Value() != c.want {
			t.Errorf("%q, %q and tab: %q, want %q", c.names, c.typed, p.Text.Value(), c.want)
		}
	}
}

func TestADirectoryFieldListsNoFilesAndGoesOn(t *testing.T) {
	f, p := at(PathEntry{Name: "file.cer"}, PathEntry{Name: "out", Dir: true})
	p.Dirs().SetCheck(p.NoSuchDirectory)
	p.find()
	if text := formText(f, 60, 12); strings.Contains(text, "file.cer") {
		t.Errorf("files are listed:\n%s", text)
	}
	typeKeys(f, "out", "enter")
	if f.Field().ID() != "next" || p.Value() != "out" {
		t.Errorf("enter stays in the field: %q at %s", p.Value(), f.Field().ID())
	}
	f.Focus("p")
	typeKeys(f, "x", "enter")
	if text := formText(f, 60, 12); !strings.Contains(text, "there is no such directory") {
		t.Errorf("a missing directory is taken:\n%s", text)
	}
}

func TestAPartialListingSaysSo(t *testing.T) {
	f, p := at()
	p.take(PathListed{For: p, Dir: ".", Entries: []PathEntry{{Name: "a.cer", Likely: true}, {Name: "b"}}, Partial: true})
	if text := formText(f, 60, 12); !strings.Contains(text, "there is more here than these 2") {
		t.Errorf("a part is shown as the whole:\n%s", text)
	}
}
