package uitest

import (
	"fmt"
	"regexp"
	"strings"

	"certdesk/ui/words"
)

// Misspoken are the places of a text where a thing has a name that the glossary does not give it.
func Misspoken(text string) (problems []string) {
	text = strings.ToLower(text)
	for _, term := range words.Glossary {
		for _, never := range term.Never {
			for _, at := range regexp.MustCompile(never).FindAllStringIndex(text, -1) {
				from := strings.LastIndexByte(text[:at[0]], '\n') + 1
				line, _, _ := strings.Cut(text[from:], "\n")
				problems = append(problems, fmt.Sprintf("say %q in\n  %s", term.Say, strings.TrimSpace(line)))
			}
		}
	}
	return problems
}
