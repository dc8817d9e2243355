package words_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/ui/uitest"
)

// spoken are all the texts a person can be shown that are kept as files: every sentence, and every screen.
func spoken(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob(filepath.Join("..", "..", "testdata", "frames", "*.golden"))
	if err != nil || len(list) == 0 {
		t.Fatalf("no frames: %v", err)
	}
	return append(list, filepath.Join("..", "..", "testdata", "texts.txt"))
}

// TestOneThingHasOneName holds the glossary over all texts.
func TestOneThingHasOneName(t *testing.T) {
	for _, file := range spoken(t) {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, problem := range uitest.Misspoken(string(data)) {
			t.Errorf("%s: %s", filepath.Base(file), problem)
		}
	}
}

func lineAt(text string, at int) string {
	from := strings.LastIndexByte(text[:at], '\n') + 1
	line, _, _ := strings.Cut(text[from:], "\n")
	return strings.TrimSpace(line)
}
