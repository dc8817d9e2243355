package words

import (
	"encoding/binary"
	"encoding/hex"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
)

// SeenBy gives the entries, in order of id, as the ports let them look; those of strangers are below zero.
func SeenBy(v *enabling.Survey, entries []certstore.Entry) []certstore.Entry {
	if v == nil {
		return entries
	}
	for i := range entries {
		v.Judge(&entries[i])
	}
	return append(strangerRows(v), entries...)
}

// strangerRows are the certificates that services serve and the store lacks, once each, in order of id.
func strangerRows(v *enabling.Survey) (rows []certstore.Entry) {
	for _, x := range v.Strangers {
		e := x.Entry
		e.ID = StrangerID(e.SHA256)
		use, _ := certstore.ParseServices(x.Service.Use)
		i := slices.IndexFunc(rows, func(r certstore.Entry) bool { return r.ID == e.ID })
		if i < 0 {
			e.Verdict.Status, e.Verdict.Word = trust.NotInStore, enabling.WordStranger
			e.Verdict.Reason = certstore.ServiceTitle(x.Service)
			i, rows = len(rows), append(rows, e)
		}
		rows[i].Services |= use
		rows[i].Bound = append(rows[i].Bound, certstore.Binding{Service: x.Service}) // so that the filter finds who serves it
		if title := certstore.ServiceTitle(x.Service); title != rows[i].Verdict.Reason {
			rows[i].Verdict.Reason += ", " + title
		}
	}
	slices.SortFunc(rows, func(a, b certstore.Entry) int { return int(max(-1, min(1, a.ID-b.ID))) })
	return rows
}

// StrangerID is the row's id: below zero, the same as long as the certificate is.
func StrangerID(sha256 string) int64 {
	sum, _ := hex.DecodeString(sha256[:min(14, len(sha256))])
	return -1 - int64(binary.BigEndian.Uint64(append(make([]byte, 8-len(sum)), sum...)))
}

// IsStranger says whether a row is no entry of the store.
func IsStranger(e certstore.Entry) bool { return e.ID < 0 }

// Strangers are the services that serve the certificate of such a row; none before the ports were asked.
func Strangers(v *enabling.Survey, e certstore.Entry) (list []enabling.Stranger) {
	if v == nil {
		return nil
	}
	for _, x := range v.Strangers {
		if x.Entry.SHA256 == e.SHA256 {
			list = append(list, x)
		}
	}
	return list
}

// strangerNote says who serves it.
func strangerNote(e certstore.Entry) string {
	return kit.Printable(e.Verdict.Reason) + serves(e) + Title(e) + ", which is not in this store."
}

func serves(e certstore.Entry) string {
	if strings.Contains(e.Verdict.Reason, "), ") {
		return " serve "
	}
	return " serves "
}

// InUse says whether the store would refuse to remove an entry, as far as is known before every port is asked.
func InUse(e certstore.Entry) bool { return e.Services != 0 || e.Served }

// StillInUse says why such an entry cannot be removed, and what has to be done first.
func StillInUse(e certstore.Entry) string {
	if e.Services == 0 {
		return Title(e) + " is still served: enable another certificate there first (" + KeyPorts + ": where)"
	}
	return Title(e) + " is in use for " + e.Services.String() + ": enable another certificate there first"
}

// UseWords are the services of an entry in words: those in use, and those only wanted.
func UseWords(e certstore.Entry) string {
	wanted := e.Wanted &^ e.Services
	var parts []string
	if e.Services != 0 {
		parts = append(parts, e.Services.String())
	}
	if wanted != 0 {
		parts = append(parts, wanted.String()+" (wanted; not in use yet)")
	}
	if len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, "; ")
}
