package ledgertest

import "testing"

func TestMemoryIsAJournal(t *testing.T) { Hold(t, &Memory{}) }
