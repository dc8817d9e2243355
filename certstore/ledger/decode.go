package ledger

import (
	"encoding/json"
	"runtime"
	"sync"

	"certdesk/certstore/printable"
)

// DecodeAll decodes a batch on all processors: it is most of the time a large table takes to appear.
func DecodeAll(records []Record) []Line {
	out := make([]Line, len(records))
	workers := min(runtime.GOMAXPROCS(0), len(records)/64+1)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() {
			for i := w; i < len(records); i += workers {
				out[i] = DecodeLine(records[i])
			}
		})
	}
	wait.Wait()
	return out
}

// DecodeLine decodes the data of a record; Apply tells of one that it could not.
func DecodeLine(r Record) Line {
	p := Line{Record: r}
	p.Actor.Sudo, p.Actor.TTY = printable.Text(r.Actor.Sudo), printable.Text(r.Actor.TTY)
	if r.Op == OpRepair {
		var named struct{ Lines []BadLine }
		p.err = json.Unmarshal(r.Data, &named)
		p.Repaired = named.Lines
		return p
	}
	p.err = json.Unmarshal(r.Data, &p.data)
	p.data.Name = printable.Text(p.data.Name)
	if p.data.Entry != nil {
		p.data.Entry.clean()
	}
	p.data.cleanACME()
	p.data.Told.clean()
	return p
}

// clean passes the texts of an entry through printable again: whoever wrote the line need not have.
func (e *Entry) clean() {
	for _, text := range []*string{&e.FriendlyName, &e.Thumbprint, &e.Subject, &e.Common, &e.Issuer, &e.Serial,
		&e.KeyAlgorithm, &e.SignatureAlgorithm, &e.Defect, &e.Unread} {
		*text = printable.Text(*text)
	}
	for i := range e.Names {
		e.Names[i] = printable.Text(e.Names[i])
	}
	for i := range e.Chain {
		link := &e.Chain[i]
		for _, text := range []*string{&link.Subject, &link.Issuer, &link.Unchecked, &link.Unread} {
			*text = printable.Text(*text)
		}
	}
	for i := range e.Remarks {
		e.Remarks[i].Code, e.Remarks[i].Text = printable.Text(e.Remarks[i].Code), printable.Text(e.Remarks[i].Text)
	}
}

// Line is a record with its data decoded.
type Line struct {
	Record
	data     Data
	Repaired []BadLine // of OpRepair: the lines that it names
	err      error
}
