package theme

// Plain are the styles of lines that a screen reader speaks and a pipe carries: nothing is painted, nothing is drawn,
// and a sign that means something is a word.
func Plain() Styles {
	return Styles{Glyphs: Glyphs{
		Cursor: "now:", Warn: "warning:", Bad: "problem:", Ellipsis: "...", Dot: "-", On: "x",
	}}
}
