package ui_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// Every place that a verb can lead to has a screen.
func TestEveryPlaceHasAScreen(t *testing.T) {
	places, err := os.ReadFile("screen/places.go")
	if err != nil {
		t.Fatal(err)
	}
	rooms, err := os.ReadFile("rooms.go")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`(?m)^\t(To\w+) +struct`).FindAllSubmatch(places, -1)
	if len(names) < 18 {
		t.Errorf("only %d places were found", len(names))
	}
	for _, name := range names {
		if !strings.Contains(string(rooms), "case screen."+string(name[1])+":") {
			t.Errorf("%s leads nowhere", name[1])
		}
	}
}
