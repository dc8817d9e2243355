package ledger

import (
	"slices"
	"strings"

	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services/daemon"
)

// Binding says that a slot of a service serves a certificate of one key type, since it was enabled or found doing so.
type Binding struct {
	Service daemon.Instance `json:"service"`
	// daemon.DefaultSlot or its names; "" in lines of before slots: all of the service
	Slot    string         `json:"slot,omitempty"`
	Key     probe.Key      `json:"key"` // RSA or ECDSA
	Entry   int64          `json:"entry"`
	SHA256  string         `json:"sha256"`
	Version string         `json:"version,omitempty"` // the directory of the deployed files; "" for files of others
	Prove   []daemon.Proof `json:"prove,omitempty"`   // the handshakes it was proven by
}

// Title names the slot for people: "SMTP (postfix)" for the default, "SMTP (postfix) for mail.b.test".
func (b Binding) Title() string { return SlotTitle(b.Service, b.Slot) }

// SlotTitle names a slot of a service for people.
func SlotTitle(in daemon.Instance, slot string) string {
	if slot == "" || slot == daemon.DefaultSlot {
		return ServiceTitle(in)
	}
	return ServiceTitle(in) + " for " + printable.Text(slot)
}

// Use is the service in Exchange's sense.
func (b Binding) Use() Services { return UseOf(b.Service) }

// UseOf is the service in Exchange's sense that an instance is one of.
func UseOf(in daemon.Instance) Services {
	bit, _ := ParseService(in.Use)
	return bit
}

// ServiceTitle names a service for people: "SMTP (postfix)", with what tells it from its likes.
func ServiceTitle(in daemon.Instance) string {
	which := in.By()
	if !in.Usual() && in.Driver != "command" {
		which += " " + in.Config
	}
	if in.Driver != "command" && len(in.Listen) > 0 {
		which += portsOf(in.Listen)
	}
	if in.Name != "" {
		which += ", " + in.Name
	}
	return printable.Text(strings.ToUpper(in.Use) + " (" + which + ")")
}

// portsOf are the ports of a list of listeners: " :465 :587".
func portsOf(listen []string) (text string) {
	for i, url := range listen {
		if i == 3 {
			return text + " ..."
		}
		if port := " :" + url[strings.LastIndexByte(url, ':')+1:]; !strings.Contains(text+" ", port+" ") {
			text += port
		}
	}
	return text
}

// bind records what some slots of a service serve from now on: theirs are replaced, those of other slots stay. A
// handshake that is bound anew leaves the binding of this daemon that had it, since a slot is called otherwise once
// the configuration has other names for it, and a line of before slots were known names none.
func (st *State) bind(in daemon.Instance, now []Binding) {
	var kept []Binding
	for _, b := range st.Bindings {
		if b.Service.Same(in) && slices.ContainsFunc(now, func(n Binding) bool { return n.Slot == "" || n.Slot == b.Slot }) {
			continue
		}
		rival := b.Service.SameDaemon(in) && strings.EqualFold(b.Service.Use, in.Use)
		if rival && b.taken(now) || b.Service.Same(in) && b.Slot == "" && len(b.Prove) == 0 {
			continue
		}
		kept = append(kept, b)
	}
	st.Bindings = append(kept, now...)
	st.count()
}

// taken takes the handshakes out of a binding that others have now, and says whether none is left.
func (b *Binding) taken(now []Binding) bool {
	left := slices.DeleteFunc(slices.Clone(b.Prove), func(p daemon.Proof) bool {
		return slices.ContainsFunc(now, func(n Binding) bool { return slices.Contains(n.Prove, p) })
	})
	gone := len(left) == 0 && len(b.Prove) > 0
	b.Prove = left
	return gone
}

// unbind forgets the bindings of an entry to the slots of the list.
func (st *State) unbind(gone []Binding) {
	st.Bindings = slices.DeleteFunc(st.Bindings, func(b Binding) bool {
		return slices.ContainsFunc(gone, func(g Binding) bool {
			return g.Entry == b.Entry && g.Service.Same(b.Service) && (g.Slot == b.Slot || g.Slot == "")
		})
	})
	st.count()
}

// count derives which services each entry is bound to.
func (st *State) count() {
	st.InUse, st.bound = map[int64]Services{}, map[int64][]Binding{}
	for _, b := range st.Bindings {
		st.InUse[b.Entry] |= b.Use()
		st.bound[b.Entry] = append(st.bound[b.Entry], b)
	}
}

// BoundTo are the bindings of an entry; they are the state's own and not to be changed.
func (st *State) BoundTo(id int64) []Binding { return st.bound[id] }

// BoundBy are the bindings of a service.
func (st *State) BoundBy(in daemon.Instance) (list []Binding) {
	for _, b := range st.Bindings {
		if b.Service.Same(in) {
			list = append(list, b)
		}
	}
	return list
}

// BoundAt are the bindings of a slot of a service; a line of before slots were known is for each of them.
func (st *State) BoundAt(in daemon.Instance, slot string) (list []Binding) {
	for _, b := range st.BoundBy(in) {
		if b.Slot == slot || b.Slot == "" {
			list = append(list, b)
		}
	}
	return list
}

// Holds says whether the slots of these bindings are bound to just what these say.
func (st *State) Holds(now []Binding) bool {
	for _, n := range now {
		want := slices.DeleteFunc(slices.Clone(now), func(b Binding) bool { return b.Slot != n.Slot })
		if !slices.EqualFunc(st.BoundAt(n.Service, n.Slot), want,
			func(a, b Binding) bool { return a.SHA256 == b.SHA256 && a.Entry == b.Entry }) {
			return false
		}
	}
	return true
}

func titles(list []Binding) (out []string) {
	for _, b := range list {
		if title := b.Title(); !slices.Contains(out, title) {
			out = append(out, title)
		}
	}
	return out
}

// ServedWords is the end of a sentence about several services: "SMTP (postfix) and IMAP (dovecot)".
func ServedWords(list []Binding) string { return Listed(titles(list)) }

// Listed joins a list for a sentence: "a, b and c".
func Listed(all []string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}

// InSlots says whether a binding is to one of some slots, each named whole or by one of its names; none are all.
func (b Binding) InSlots(slots []string) bool {
	names := append(strings.Split(b.Slot, ","), b.Slot)
	return len(slots) == 0 || slices.ContainsFunc(slots,
		func(slot string) bool { return slices.Contains(names, strings.ToLower(slot)) })
}

// Meets says whether the state's bindings have all the handshakes of these.
func (st *State) Meets(now []Binding) bool {
	for _, n := range now {
		for _, proof := range n.Prove {
			proves := func(b Binding) bool { return b.Entry == n.Entry && slices.Contains(b.Prove, proof) }
			if !slices.ContainsFunc(st.BoundAt(n.Service, n.Slot), proves) {
				return false
			}
		}
	}
	return true
}
