package form

import "certdesk/ui/kit"

// What fields and forms answer to. The footer and the help read these.
var (
	KeyNextField = kit.NewVerb("field-next", "next field", "tab")
	KeyPrevField = kit.NewVerb("field-before", "field before", "shift+tab")
	KeyNextPage  = kit.NewVerb("field-next-page", "next page", "ctrl+n")
	KeyEnter     = kit.NewVerb("field-enter", "next field", "enter")
	KeyBack      = kit.NewVerb("back", "back", "esc").Leaving()
	KeyToggle    = kit.NewVerb("field-toggle", "on/off", " ")
	KeyAside     = kit.NewVerb("field-aside", "move", "left", "right").Show("left/right")
	KeyChoose    = kit.NewVerb("field-choose", "choose", " ")
	KeyMove      = kit.NewVerb("field-move", "move", "up", "down").Show("up/down")
	KeyLook      = kit.NewVerb("field-look", "look at each", "up", "down").Show("up/down")
	KeyScroll    = kit.NewVerb("scroll", "scroll", "up", "down").Show("up/down")
	KeyPress     = kit.NewVerb("field-press", "do it", "enter")
	KeyAdd       = kit.NewVerb("field-add", "add", "enter")
	KeyMark      = kit.NewVerb("field-mark", "common name", "c")
	KeyDrop      = kit.NewVerb("field-drop", "take out", "delete", "backspace").Show("del")
	KeyWhy       = kit.NewVerb("field-why", "why, and DNS", "enter").About("all reasons, and what DNS says of it")
	KeyEarlier   = kit.NewVerb("field-earlier", "move up", "K", "shift+up").About("earlier in the list")
	KeyLater     = kit.NewVerb("field-later", "move down", "J", "shift+down").About("later in the list")
	KeyOpen      = kit.NewVerb("field-open", "open", " ")
	KeyTakeCell  = kit.NewVerb("field-take-cell", "take it", " ").About("what is in brackets in this cell")
	KeyTakeAll   = kit.NewVerb("field-take-all", "take all",
		"ctrl+f").About("fill every blank cell with what is in brackets")
	KeyNextCell = kit.NewVerb("field-next-cell", "next cell", "tab", "enter")
	KeyPrevCell = kit.NewVerb("field-cell-before", "cell before", "shift+tab")
	KeyLine     = kit.NewVerb("field-line", "line", "up", "down").Show("up/down").About("the one above, or below")
	KeyComplete = kit.NewVerb("field-complete", "complete", "tab")
	KeyPick     = kit.NewVerb("field-pick", "pick from list", "down")
	KeyAddStay  = kit.NewVerb("field-add-stay", "add and stay", " ")
	KeyTake     = kit.NewVerb("field-take", "take it", "enter")
	KeyNewLine  = kit.NewVerb("field-new-line", "new line", "enter")
	KeyReveal   = kit.NewVerb("field-reveal", "show it", "ctrl+r").About("what is typed, until the field is left")
	KeyClear    = kit.NewVerb("field-clear", "clear", "ctrl+u")
)
