package disk_test

import (
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/ledger/ledgertest"
)

func TestAStoresJournalIsAJournal(t *testing.T) {
	d, err := disk.Open(realOptions(t.TempDir()))
	if err != nil {
		t.Fatal(err)
	}
	ledgertest.Hold(t, d.Journal())
}
