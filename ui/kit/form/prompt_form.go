package form

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// First says whether the focused field is the first one shown.
func (f *Form) First() bool { return f.first() }

// Last says whether the focused field is the last one shown.
func (f *Form) Last() bool { return f.last() }

// Said is all that is said of the answers as they stand: what is wrong first.
func (f *Form) Said() []Remark { return f.remarks() }

// Under is what stands below the fields.
func (f *Form) Under(s theme.Styles, w int) []string {
	if f.below == nil {
		return nil
	}
	return f.below(s, w)
}

// Leave is the key that leaves the focused field forwards as it stands: tab, or enter where tab would complete.
func (f *Form) Leave() tea.KeyMsg {
	tab, enter := kit.PressKey("tab"), kit.PressKey("enter")
	if f.Field().Takes(tab) && !f.Field().Takes(enter) {
		return enter
	}
	return tab
}
