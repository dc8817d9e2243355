package ledger

import (
	"slices"
	"strconv"
	"testing"

	"certdesk/certstore/probe"
	"certdesk/certstore/services/daemon"
)

// boundText is what a state says after lines, each slot with the entry of each key type: "default RSA 1".
func boundText(st *State) (list []string) {
	for _, b := range st.Bindings {
		slot := b.Slot
		if slot == "" {
			slot = "all"
		}
		list = append(list, slot+" "+string(b.Key)+" "+string(rune('0'+b.Entry)))
	}
	slices.Sort(list)
	return list
}

func TestSlotsAreBoundApart(t *testing.T) {
	smtp := daemon.Instance{Use: "SMTP", Driver: "postfix", Config: "/etc/postfix"}
	imap := daemon.Instance{Use: "IMAP", Driver: "dovecot", Config: "/etc/dovecot/dovecot.conf"}
	pop := daemon.Instance{Use: "POP", Driver: "dovecot", Config: "/etc/dovecot/dovecot.conf"}
	at := func(in daemon.Instance, slot string, key probe.Key, entry int64, names ...string) Binding {
		b := Binding{Service: in, Slot: slot, Key: key, Entry: entry}
		for _, n := range names {
			b.Prove = append(b.Prove, daemon.Proof{URL: in.Use, Name: n})
		}
		return b
	}
	type line struct {
		in  daemon.Instance
		now []Binding
	}
	for _, c := range []struct {
		name  string
		lines []line
		want  []string
	}{
		{"a slot beside the default", []line{{smtp, []Binding{at(smtp, "default", "RSA", 1, "")}}, {smtp, []Binding{at(smtp, "b", "RSA", 2, "b")}}}, []string{"b RSA 2", "default RSA 1"}},
		{"a slot anew", []line{{smtp, []Binding{at(smtp, "default", "RSA", 1, "")}}, {smtp, []Binding{at(smtp, "b", "RSA", 2, "b")}}, {smtp, []Binding{at(smtp, "b", "RSA", 3, "b")}}},
			[]string{"b RSA 3", "default RSA 1"}},
		{"two key types in a slot", []line{{smtp, []Binding{at(smtp, "b", "RSA", 1, "b"), at(smtp, "b", "ECDSA", 2, "b")}}, {smtp, []Binding{at(smtp, "default", "RSA", 3, "")}}},
			[]string{"b ECDSA 2", "b RSA 1", "default RSA 3"}},
		{"a line of before slots", []line{{smtp, []Binding{at(smtp, "", "RSA", 1, "", "b")}}}, []string{"all RSA 1"}},
		{"of which a slot is bound anew", []line{{smtp, []Binding{at(smtp, "", "RSA", 1, "", "b")}}, {smtp, []Binding{at(smtp, "b", "RSA", 2, "b")}}}, []string{"all RSA 1", "b RSA 2"}},
		{"and then the rest", []line{{smtp, []Binding{at(smtp, "", "RSA", 1, "", "b")}}, {smtp, []Binding{at(smtp, "b", "RSA", 2, "b")}}, {smtp, []Binding{at(smtp, "default", "RSA", 3, "")}}},
			[]string{"b RSA 2", "default RSA 3"}},
		{"one of before slots without ports", []line{{smtp, []Binding{at(smtp, "", "RSA", 1)}}, {smtp, []Binding{at(smtp, "default", "RSA", 2)}}}, []string{"default RSA 2"}},
		{"a slot that got another name", []line{{smtp, []Binding{at(smtp, "b", "RSA", 1, "b")}}, {smtp, []Binding{at(smtp, "b,c", "RSA", 2, "b", "c")}}}, []string{"b,c RSA 2"}},
		{"an older program's line is for all", []line{{smtp, []Binding{at(smtp, "b", "RSA", 1, "b")}}, {smtp, []Binding{at(smtp, "", "RSA", 2, "", "b")}}}, []string{"all RSA 2"}},
		{"another service of the daemon", []line{{imap, []Binding{at(imap, "default", "RSA", 1, "")}}, {pop, []Binding{at(pop, "default", "RSA", 2, "")}}}, []string{"default RSA 1", "default RSA 2"}},
	} {
		st := NewState(strconv.Itoa)
		for _, l := range c.lines {
			st.bind(l.in, l.now)
		}
		if got := boundText(st); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestASlotIsForgottenAlone(t *testing.T) {
	t.Parallel()
	smtp := daemon.Instance{Use: "SMTP", Driver: "postfix", Config: "/etc/postfix"}
	st := NewState(strconv.Itoa)
	st.bind(smtp, []Binding{{Service: smtp, Slot: "default", Key: "RSA", Entry: 1}, {Service: smtp, Slot: "b", Key: "RSA", Entry: 1}})
	st.unbind([]Binding{{Service: smtp, Slot: "b", Entry: 1}})
	if got := boundText(st); !slices.Equal(got, []string{"default RSA 1"}) || st.InUse[1] != SMTP {
		t.Error(got)
	}
	st.unbind([]Binding{{Service: smtp, Entry: 1}}) // as an older program forgets it
	if len(st.Bindings) != 0 || st.InUse[1] != 0 {
		t.Error(boundText(st))
	}
}

func TestServicesHaveTitlesThatTellThemApart(t *testing.T) {
	for want, in := range map[string]daemon.Instance{
		"SMTP (postfix)":                  {Use: "SMTP", Driver: "postfix", Config: "/etc/postfix"},
		"SMTP (postfix /etc/postfix-out)": {Use: "smtp", Driver: "postfix", Config: "/etc/postfix-out"},
		"IIS (nginx :4443)":               {Use: "IIS", Driver: "nginx", Config: "/etc/nginx/nginx.conf", Listen: []string{"https://127.0.0.1:4443"}},
		"IIS (nginx :1 :2 :3 ...)":        {Use: "IIS", Driver: "nginx", Listen: []string{"https://a.test:1", "https://a.test:2", "https://a.test:3", "https://a.test:4"}},
		"IMAP (dovecot, mail.a.test)":     {Use: "IMAP", Driver: "dovecot", Name: "mail.a.test"},
		"UM (/etc/voice)":                 {Use: "UM", Driver: "command", Install: "/etc/voice", Listen: []string{"tls://127.0.0.1:5061"}},
	} {
		if got := ServiceTitle(in); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
