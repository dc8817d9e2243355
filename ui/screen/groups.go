package screen

import (
	"slices"
	"strings"

	"certdesk/ui/kit"
)

// seeing are the verbs that change what is seen and nothing else; a named filter is one of them.
var seeing = []kit.Verb{Keys.Open, Keys.Filter, Keys.Sort, Keys.Reverse, Keys.Attention, Keys.Mark, Keys.MarkAll,
	Keys.Unmark, Keys.Scroll, Keys.Sift, Keys.Line, Keys.Visit, Keys.Clear, Keys.Compare, Keys.Exchange,
	Keys.Swap}

// ofDesk are the verbs that lead to what is told of the desk as a whole.
var ofDesk = []kit.Verb{Keys.Ports, Keys.AskPort, Keys.History, Keys.Removed, Keys.Doctor, Keys.Settings,
	Keys.Palette, Keys.Mouse, Keys.Help}

// Grouped gives each verb the group that the footer shows it in.
func Grouped(list []kit.Verb) []kit.Verb {
	list = slices.Clone(list)
	for i, v := range list {
		switch {
		case v.Is(seeing...), strings.HasPrefix(string(v.ID), "filter-"):
			list[i].Group = kit.Views
		case v.Is(ofDesk...):
			list[i].Group = kit.Desks
		}
	}
	return list
}
