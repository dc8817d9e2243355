package form

import "github.com/charmbracelet/bubbles/key"

// What fields and forms answer to. The footer and the help read these.
var (
	KeyNextField = key.NewBinding(key.WithKeys("tab"), key.WithHelp("tab", "next field"))
	KeyPrevField = key.NewBinding(key.WithKeys("shift+tab"), key.WithHelp("shift+tab", "field before"))
	KeyNextPage  = key.NewBinding(key.WithKeys("ctrl+n"), key.WithHelp("ctrl+n", "next page"))
	KeyEnter     = key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "next"))
	KeyBack      = key.NewBinding(key.WithKeys("esc"), key.WithHelp("esc", "back"))
	KeyToggle    = key.NewBinding(key.WithKeys(" "), key.WithHelp("space", "on/off"))
	KeyAside     = key.NewBinding(key.WithKeys("left", "right"), key.WithHelp("left/right", "move"))
	KeyChoose    = key.NewBinding(key.WithKeys("up", "down"), key.WithHelp("up/down", "choose"))
	KeyLook      = key.NewBinding(key.WithKeys("up", "down"), key.WithHelp("up/down", "look at each"))
	KeyScroll    = key.NewBinding(key.WithKeys("up", "down"), key.WithHelp("up/down", "scroll"))
	KeyPress     = key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "do it"))
	KeyAdd       = key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "add"))
	KeyMark      = key.NewBinding(key.WithKeys("c"), key.WithHelp("c", "common name"))
	KeyDrop      = key.NewBinding(key.WithKeys("delete", "backspace"), key.WithHelp("del", "take out"))
	KeyEarlier   = key.NewBinding(key.WithKeys("K", "shift+up"), key.WithHelp("K", "move up: earlier in the list"))
	KeyLater     = key.NewBinding(key.WithKeys("J", "shift+down"), key.WithHelp("J", "move down: later in the list"))
	KeyOpen      = key.NewBinding(key.WithKeys(" "), key.WithHelp("space", "open"))
	KeyTakeCell  = key.NewBinding(key.WithKeys(" "), key.WithHelp("space", "take it: what is in brackets in this cell"))
	KeyTakeAll   = key.NewBinding(key.WithKeys("ctrl+f"),
		key.WithHelp("ctrl+f", "take all: fill every blank cell with what is in brackets"))
	KeyNextCell = key.NewBinding(key.WithKeys("tab", "enter"), key.WithHelp("tab", "next cell"))
	KeyPrevCell = key.NewBinding(key.WithKeys("shift+tab"), key.WithHelp("shift+tab", "cell before"))
	KeyLine     = key.NewBinding(key.WithKeys("up", "down"), key.WithHelp("up/down", "line: the one above, or below"))
	KeyComplete = key.NewBinding(key.WithKeys("tab"), key.WithHelp("tab", "complete"))
	KeyPick     = key.NewBinding(key.WithKeys("down"), key.WithHelp("down", "pick from list"))
	KeyAddStay  = key.NewBinding(key.WithKeys(" "), key.WithHelp("space", "add and stay"))
	KeyTake     = key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "take it"))
	KeyNewLine  = key.NewBinding(key.WithKeys("enter"), key.WithHelp("enter", "new line"))
	KeyClear    = key.NewBinding(key.WithKeys("ctrl+u"), key.WithHelp("ctrl+u", "clear"))
)
