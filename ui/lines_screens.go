package ui

import "certdesk/ui/kit"

// How the screens show what they ask, and wait for, to who prints it in lines.

func (s *wizardScreen) asks() (string, *kit.Form, error) {
	switch {
	case s.making.runs():
		return "", nil, nil
	case s.making.shown():
		return s.making.title(), s.making.result, nil
	}
	return s.page.question, s.page.form, nil
}

func (s *importScreen) asks() (string, *kit.Form, error) {
	if s.busy.runs() {
		return "", nil, nil
	}
	return s.question(), s.form, s.err
}

func (s *exportScreen) asks() (string, *kit.Form, error) {
	if s.busy.runs() || s.written {
		return "", nil, nil
	}
	return s.question(), s.form, nil
}

func (s *renewScreen) asks() (string, *kit.Form, error) {
	if s.err != nil {
		return "", nil, nil
	}
	return "Which form?", s.ask, nil
}

func (s *wizardScreen) doing() string { return s.making.text }
func (s *importScreen) doing() string { return s.busy.text }
func (s *exportScreen) doing() string { return s.busy.text }
