package importing

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/ui/kit"
)

// importDraft is what was said of an import; it outlives the screen. No password is in it.
type importDraft struct {
	paste bool
	paths []string
	line  string // what stands in the path line
	text  string // what was pasted
}

// Memory is what outlives the screens of the import.
type Memory struct {
	draft *importDraft // an import that was left unfinished, or nil
}

// Unfinished says whether an import was left that still has answers.
func (m *Memory) Unfinished() bool { return m.draft.holds() }

// holds says whether anything was chosen or pasted.
func (k *importDraft) holds() bool {
	return k != nil && (k.text != "" || k.line != "" || len(k.paths) > 0)
}

// said is what it holds, in a few words.
func (k *importDraft) said() string {
	if k.paste {
		return "pasted text is kept"
	}
	list := k.paths
	if k.line != "" && !slices.Contains(list, k.line) {
		list = append(slices.Clone(list), k.line)
	}
	if len(list) > 3 {
		return fmt.Sprintf("%s and %d more are kept", kit.Printable(strings.Join(list[:3], ", ")), len(list)-3)
	}
	verb := " is kept"
	if len(list) > 1 {
		verb = " are kept"
	}
	return kit.Printable(strings.Join(list, ", ")) + verb
}
