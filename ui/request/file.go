package request

import (
	"strconv"
	"strings"

	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/wizard"
)

// filePage asks where the request goes. The store keeps it in any case.
func filePage(s *wizardScreen) *wizardPage {
	s.draft.offer(s.env)
	a := s.draft.answers
	path := screen.PathField(s.d, "Path", "File", a.Path).
		With("A file to send to the CA, ending in .req. Empty: it stays in the store, and is shown at the end.", "none")
	path.ToWrite()
	path.SetCheck(path.NoDirectory)
	format := form.NewChoice("Binary", "Format", strconv.FormatBool(a.Binary),
		form.Option{Value: "false", Text: "Text (PEM)", Note: "what CAs ask for; can be pasted"},
		form.Option{Value: "true", Text: "Binary (DER)", Note: "for a CA that asks for it"}).
		With("Text can be pasted into a CA's web page.", nil)
	replace := form.NewSwitch("Overwrite", "Replace", "replace the file that is there", "", a.Overwrite).
		With("A file of that name is there already: its content would be lost.", nil)
	return &wizardPage{
		question: "Where should the request be written?",
		form: form.New(format, path, replace).Hide(func(id string) bool {
			return id == "Overwrite" && !path.Exists() && !replace.On()
		}).OpenOn("Path"), // what is typed is meant for it: the format has its answer
		save: func(a *wizard.Answers) {
			a.Path = strings.TrimSpace(path.Value())
			a.Binary = format.Value() == "true"
			a.Overwrite = replace.On()
		},
	}
}
