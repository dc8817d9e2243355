package plain

import (
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/probe"
	"certdesk/ui/words"
)

// Known finds live entries by what a port says of them.
type Known struct {
	byID  map[int64]certstore.Entry
	bySum map[string]certstore.Entry
	now   time.Time
}

// Knows is made of the live entries.
func Knows(entries []certstore.Entry, now time.Time) Known {
	k := Known{map[int64]certstore.Entry{}, map[string]certstore.Entry{}, now}
	for _, e := range entries {
		k.byID[e.ID], k.bySum[e.SHA256] = e, e
	}
	return k
}

// Entry is the entry of an id.
func (k Known) Entry(id int64) certstore.Entry { return k.byID[id] }

// Strangers name each certificate that is served and that the store lacks, who serves it, and the command that
// takes it in.
func Strangers(list []enabling.Stranger, now time.Time) (lines []string) {
	told := map[string]bool{}
	for _, x := range list {
		if told[x.Entry.SHA256] {
			continue
		}
		told[x.Entry.SHA256] = true
		same := slices.DeleteFunc(slices.Clone(list),
			func(y enabling.Stranger) bool { return y.Entry.SHA256 != x.Entry.SHA256 })
		lines = append(lines, words.Life(x.Entry, now))
		for _, y := range same {
			lines = append(lines, "    served by "+certstore.ServiceTitle(y.Service)+" at "+strings.Join(y.Listen(), ", "))
		}
		lines = append(lines, "    "+howToAdopt(same))
	}
	return lines
}

func howToAdopt(same []enabling.Stranger) string {
	i := slices.IndexFunc(same, func(x enabling.Stranger) bool { return x.Files.Key != "" })
	if i < 0 {
		return "certdesk cannot tell which file holds its key: import the certificate and its key from their files"
	}
	return "`certdesk import --served " + words.Short(same[i].Entry) + "` takes it in, with its key from " +
		same[i].Files.Key
}

// PortLines is what is to be said below a port: what is wrong there, and what puts it right.
func (k Known) PortLines(p enabling.Port) []string {
	if p.Good() && p.DiskFault() == "" {
		return FaultLines(p)
	}
	return append(k.remedy(p), FaultLines(p)...)
}

// FaultLines is what is wrong with what a port serves.
func FaultLines(p enabling.Port) (lines []string) {
	r := p.Report
	if !r.Served() {
		return slices.Concat(lines, r.Faults(), r.Notes)
	}
	if p.Good() && p.Bound != 0 && p.OnDisk != "" && p.OnDisk != p.Expected {
		lines = append(lines, "somebody changed its configuration: after the next reload it serves what is in "+p.Files.Cert)
	}
	lines = append(lines, r.NameFault, r.DateFault)
	if r.Result == probe.Unknown {
		lines = append(lines, r.Text)
	}
	if r.Chain.Verdict == probe.Broken || r.Chain.Verdict == probe.Incomplete {
		lines = append(lines, r.Chain.Text)
	}
	return words.NotEmpty(slices.Concat(lines, []string{r.StapleFault, r.UsageFault, r.Chain.Expired}, r.Notes)...)
}

// remedy says in words why a port serves another certificate than it should, and what puts that right.
func (k Known) remedy(p enabling.Port) []string {
	var expected *certstore.Entry
	if e, ok := k.bySum[p.Expected]; ok {
		expected = &e
	}
	advice := p.Advice(expected)
	why := advice.Why
	if p.Report.Result == probe.Old || p.Report.Result == probe.Another {
		why = strings.TrimSuffix("it "+p.Trouble(k.now)+": "+why, ": ") // the reason stands behind what is so
	}
	return words.NotEmpty(why, advice.Do)
}
