package ui

import (
	"fmt"

	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// How the screens show what they ask, and wait for, to who prints it in lines.

func (s *wizardScreen) inLines() (string, *kit.Form, error) {
	switch {
	case s.making.runs():
		return "", nil, nil
	case s.making.shown():
		return s.making.title(), s.making.result, nil
	}
	return s.page.question, s.page.form, nil
}

func (s *importScreen) inLines() (string, *kit.Form, error) {
	if s.busy.runs() {
		return "", nil, nil
	}
	return s.question(), s.form, s.err
}

func (s *exportScreen) inLines() (string, *kit.Form, error) {
	if s.busy.runs() || s.written {
		return "", nil, nil
	}
	return s.question(), s.form, nil
}

func (s *renewScreen) inLines() (string, *kit.Form, error) {
	if s.err != nil {
		return "", nil, nil
	}
	return "Which form?", s.ask, nil
}

func (s *exportAllScreen) inLines() (string, *kit.Form, error) {
	return fmt.Sprintf("Who will open these %d?", len(s.list)), s.form, nil
}

func (s *renewAllScreen) inLines() (string, *kit.Form, error) { return s.question(), s.form, nil }

func (s *batchScreen) inLines() (string, *kit.Form, error) {
	return words.SentenceCase(s.summary()) + ".", s.form, nil
}

// asked has every entry in it: here nothing is too small for the list.
func (s *removeAllScreen) asked() kit.Dialog {
	q := s.dialog
	q.Lines = removeAllLines(s.d, s.list, readWidth, readWidth)
	return q
}

func (s *batchScreen) doing() string    { return s.busy.text }
func (s *renewAllScreen) doing() string { return s.busy.text }
func (s *wizardScreen) doing() string   { return s.making.text }
func (s *importScreen) doing() string   { return s.busy.text }
func (s *exportScreen) doing() string   { return s.busy.text }
