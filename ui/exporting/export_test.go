package exporting

import (
	"certdesk/ui/kit/form"
)

// What the tests of this room look at from outside.

type ExportScreen = exportScreen

var ReaderOf = readerOf

var ReaderOptions = readerOptions

func (p *exportPassword) Again() *form.Password { return p.again }

func (p *exportPassword) Pass() *form.Password { return p.pass }

func (s *exportScreen) Secret() *exportPassword { return s.secret }
