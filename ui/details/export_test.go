package details

import (
	"certdesk/certstore"
	"certdesk/wizard"
)

// What the tests of this room look at from outside.

var CopyItems = copyItems

func MakeRemovedMsg(results certstore.Results) removedMsg { return removedMsg{results: results} }

type RemoveScreen = removeScreen

func (s copyItem) Text() func(certstore.Details, wizard.Env) string { return s.text }

func (s *removeScreen) Working() bool { return s.working }
