package exporting

import (
	"certdesk/certstore/exporting"
	"certdesk/ui/kit/form"
)

// What the tests of this room look at from outside.

type ExportScreen = exportScreen

var ReceiverOf = receiverOf

var ReceiverOptions = receiverOptions

func (p *exportPassword) Again() *form.Password { return p.again }

func (p *exportPassword) Pass() *form.Password { return p.pass }

func (s *exportScreen) Secret() *exportPassword { return s.secret }

func (r receiver) Format() exporting.Format { return r.format }
