package certstore

import (
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// Binding says that a service serves a certificate of one key type, since it was enabled or found doing so.
type Binding struct {
	Service services.Instance `json:"service"`
	Key     probe.Key         `json:"key"` // RSA or ECDSA
	Entry   int64             `json:"entry"`
	SHA256  string            `json:"sha256"`
	Version string            `json:"version,omitempty"` // the directory of the deployed files; "" for files of others
	Prove   []services.Proof  `json:"prove,omitempty"`   // the handshakes it was proven by
}

// Use is the service in Exchange's sense.
func (b Binding) Use() Services { return useOf(b.Service) }

func useOf(in services.Instance) Services {
	bit, _ := parseService(in.Use)
	return bit
}

// serviceKey tells services apart: one daemon may serve several uses, names and configurations.
func serviceKey(in services.Instance) string {
	return strings.Join([]string{strings.ToUpper(in.Use), in.Driver, in.Config, in.Install, in.Name}, "\x00")
}

// sameService says whether two instances are one service, whatever else was written about it since.
func sameService(a, b services.Instance) bool { return serviceKey(a) == serviceKey(b) }

// ServiceTitle names a service for people: "SMTP (postfix)", with what tells it from its likes.
func ServiceTitle(in services.Instance) string {
	which := in.Driver
	if in.Driver == "command" {
		which = in.Install
	}
	if in.Name != "" {
		which += ", " + in.Name
	}
	return printable.Text(strings.ToUpper(in.Use) + " (" + which + ")")
}

// bind replaces all that was bound to a service by what it serves now.
func (st *state) bind(in services.Instance, now []Binding) {
	st.bindings = slices.DeleteFunc(st.bindings, func(b Binding) bool { return sameService(b.Service, in) })
	st.bindings = append(st.bindings, now...)
	st.count()
}

// unbind forgets the bindings of an entry to the services of the list.
func (st *state) unbind(gone []Binding) {
	st.bindings = slices.DeleteFunc(st.bindings, func(b Binding) bool {
		return slices.ContainsFunc(gone, func(g Binding) bool { return g.Entry == b.Entry && sameService(g.Service, b.Service) })
	})
	st.count()
}

// count derives which services each entry is bound to.
func (st *state) count() {
	st.inUse = map[int64]Services{}
	for _, b := range st.bindings {
		st.inUse[b.Entry] |= b.Use()
	}
}

// boundTo are the bindings of an entry.
func (st *state) boundTo(id int64) (list []Binding) {
	for _, b := range st.bindings {
		if b.Entry == id {
			list = append(list, b)
		}
	}
	return list
}

// boundBy are the bindings of a service.
func (st *state) boundBy(in services.Instance) (list []Binding) {
	for _, b := range st.bindings {
		if sameService(b.Service, in) {
			list = append(list, b)
		}
	}
	return list
}

// bound refuses what would take a certificate from under a service that serves it.
func (st *state) bound(e Entry) error {
	for _, u := range st.begun {
		if u.Entry == e.ID {
			return fail.New(fail.InUse, "let that end first, or settle it: `certdesk enable --roll-back`", "%s is in use: %s", e.FriendlyName, u.Text())
		}
	}
	if list := st.boundTo(e.ID); len(list) > 0 {
		return fail.New(fail.InUse, "enable another certificate for it first; `certdesk disable` only forgets it",
			"%s is in use: it is enabled for %s", e.FriendlyName, servedWords(list))
	}
	return nil
}

func titles(list []Binding) (out []string) {
	for _, b := range list {
		if title := ServiceTitle(b.Service); !slices.Contains(out, title) {
			out = append(out, title)
		}
	}
	return out
}

// servedWords is the end of a sentence about several services: "SMTP (postfix) and IMAP (dovecot)".
func servedWords(list []Binding) string {
	all := titles(list)
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	return strings.Join(all[:len(all)-1], ", ") + " and " + all[len(all)-1]
}
