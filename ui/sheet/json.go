package sheet

import (
	"certdesk/certstore"
	"certdesk/ui/cli/wire"
)

// JSON is rows as `certdesk list --json` prints them.
func JSON(entries []certstore.Entry) ([]byte, error) { return wire.Text(wire.EntriesOf(entries), "  ") }
