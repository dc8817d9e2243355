package disk

// Actor is who wrote a line of the journal.
type Actor struct {
	UID      int    `json:"uid"`
	LoginUID int    `json:"loginuid,omitempty"` // who logged in before becoming UID; 0 or absent if not known
	Sudo     string `json:"sudo,omitempty"`     // SUDO_USER, printable
	TTY      string `json:"tty,omitempty"`
}
