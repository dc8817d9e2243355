package enabling

import (
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
)

// Advice is why a port does not serve what it should, as far as its files tell, and what puts that right. Do is ""
// where there is nothing to do.
type Advice struct{ Why, Do string }

// Advice gives all the advice there is about a port; expected is the entry it should serve, nil where the store does
// not have it. A reload is advised only where the files that would be read belong together: a daemon that reads a key
// of another certificate serves nothing, or ends. A table of names is read by no reload.
func (p Port) Advice(expected *ledger.Entry) Advice {
	cert := printable.Text(p.Files.Cert)
	enable := ""
	if expected != nil {
		enable = "`certdesk enable " + expected.Thumbprint[:min(12, len(expected.Thumbprint))] + " --services " +
			p.Service.Use + "`"
	}
	stale := p.Report.Served() && p.OnDisk != "" && p.OnDisk != p.Report.SHA256
	switch {
	case p.Lost != "" && enable != "", p.Mismatch && enable != "" && p.Expected != p.OnDisk:
		return Advice{p.DiskFault(), enable + " puts a pair there that belongs together"}
	case p.Lost != "":
		return Advice{p.DiskFault(), "put that file back before anything is reloaded"}
	case p.Mismatch && enable != "":
		return Advice{p.DiskFault(), enable + " puts its key there as well, and proves it"}
	case p.Mismatch:
		return Advice{p.DiskFault(),
			"put the key of that certificate there, or the old certificate back, before anything is reloaded"}
	case p.Outage.Why != "" && p.Report.Result == probe.Refused:
		return Advice{p.Outage.Why, "`" + printable.Text(p.Outage.Do) + "` makes it anew"}
	case stale && p.Activate != "":
		return Advice{"it has not read " + cert +
			": a table of names has the certificates in itself, and a reload does not renew it",
			"`" + printable.Text(p.Activate) + "` renews the table"}
	case p.Report.Result != probe.Old && p.Report.Result != probe.Another:
		return Advice{}
	case stale && p.OnDisk == p.Expected && enable != "":
		return Advice{"it has not read the one in " + cert + " yet", enable + " reloads it, and proves that it serves " +
			expected.FriendlyName}
	case stale && p.OnDisk == p.Expected:
		return Advice{"it has not read the one in " + cert + " yet", "reload the daemon"}
	case p.OnDisk == p.Report.SHA256 && enable != "":
		return Advice{"somebody pointed its configuration at " + cert, enable + " makes it serve " + expected.FriendlyName}
	case enable != "":
		return Advice{"", enable + " makes it serve " + expected.FriendlyName}
	}
	return Advice{"", "reload the daemon"}
}
