package drivers

import (
	"os"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// tableOf writes an SNI table, and files it names, and gives a configuration that has it.
func tableOf(t *testing.T, kind, text string, files ...string) (p *postfixConf, path string) {
	t.Helper()
	dir := t.TempDir()
	for _, name := range files {
		daemontest.Put(t, dir+"/"+name, "-----BEGIN PRIVATE KEY-----\n-----BEGIN CERTIFICATE-----\n")
	}
	path = dir + "/sni"
	daemontest.Put(t, path, strings.ReplaceAll(text, "DIR", dir))
	return postfixFrom(legacyMain+"tls_server_sni_maps = "+kind+":"+path+"\n", smtpLine), path
}

func TestPostfixSNILinesAreEditedWhereTheyStand(t *testing.T) {
	const before = "# names\n\nmail.a.test\tDIR/a.pem # no comment\nMail.B.test DIR/b.pem,\n  DIR/c.pem\n  # why\n  DIR/d.pem\n\n.c.test\n  DIR/e.pem\nlast.test DIR/f.pem"
	files := []string{"a.pem", "b.pem", "c.pem", "d.pem", "e.pem", "f.pem", "#", "no", "comment"}
	one := []daemon.Files{{Cert: "/i/v2/fullchain.pem", Key: "/i/v2/key.pem", Combined: "/i/v2/combined.pem"}}
	two := append(one, daemon.Files{Cert: "/i/v2/fullchain-ecdsa.pem", Key: "/i/v2/key-ecdsa.pem", Combined: "/i/v2/combined-ecdsa.pem"})
	for _, c := range []struct {
		name  string
		files []daemon.Files
		was   string
		is    string
	}{
		{"mail.b.test", one, "Mail.B.test DIR/b.pem,\n  DIR/c.pem\n  # why\n  DIR/d.pem\n", "Mail.B.test /i/v2/combined.pem\n  # why\n"},
		{"mail.b.test", two, "Mail.B.test DIR/b.pem,\n  DIR/c.pem\n  # why\n  DIR/d.pem\n", "Mail.B.test /i/v2/combined.pem, /i/v2/combined-ecdsa.pem\n  # why\n"},
		{"*.c.test", one, ".c.test\n  DIR/e.pem\n", ".c.test\n  /i/v2/combined.pem\n"},
		{"last.test", one, "last.test DIR/f.pem", "last.test /i/v2/combined.pem"},
	} {
		p, path := tableOf(t, "texthash", before, files...)
		i := slices.IndexFunc(p.sites(), func(s daemon.Site) bool { return s.Slot() == c.name })
		if i < 0 {
			t.Fatalf("%s is no slot: %s", c.name, show(p.sites()))
		}
		e, err := p.edit(p.sites()[i:i+1], c.files)
		dir := strings.TrimSuffix(path, "/sni")
		want := strings.ReplaceAll(strings.Replace(before, c.was, c.is, 1), "DIR", dir)
		if err != nil || e.Texts[path] != want || len(e.Texts) != 1 || len(e.Builds) != 0 {
			t.Errorf("%s: %v\n%s\nwant\n%s", c.name, err, e.Texts[path], want)
		}
	}
}

func TestPostfixSNITablesAreSlots(t *testing.T) {
	p, path := tableOf(t, "hash", "mail.a.test DIR/k.pem,\n  DIR/l.pem\n.b.test DIR/m.pem\n", "k.pem", "l.pem", "m.pem")
	dir := strings.TrimSuffix(path, "/sni")
	want := strings.ReplaceAll("smtp://127.0.0.1:25 /old.pem+/old.key; smtp://127.0.0.1:25 *.b.test D/m.pem+D/m.pem; smtp://127.0.0.1:25 mail.a.test D/k.pem+D/k.pem D/l.pem+D/l.pem", "D/", dir+"/")
	sites := p.sites()
	if got := show(sites); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if sites[1].Slot() != "*.b.test" || sites[2].Activate != "postmap -F hash:"+path || sites[0].Activate != "" || !slices.Equal(sites[0].Own, []string{"mail.a.test"}) {
		t.Errorf("%+v", sites)
	}
	for _, name := range []string{path, path + ".db", dir + "/k.pem", dir + "/l.pem", dir + "/m.pem", "/old.pem", "/old.key"} {
		if !slices.Contains(p.named(), name) {
			t.Errorf("%s is not among the files named: %v", name, p.named())
		}
	}
	e, err := p.edit(sites[2:3], []daemon.Files{{Cert: "/i/v2/fullchain.pem", Key: "/i/v2/key.pem", Combined: "/i/v2/combined.pem"}})
	if err != nil || len(e.Builds) != 1 || e.Builds[0].Path != path+".db" || e.Builds[0].Step.String() != sites[2].Activate || e.Texts[p.main] != "" {
		t.Errorf("%+v %v", e, err)
	}
}

// TestPostfixAKeyMayPrecedeItsCertificate: chain files are read one behind the other.
func TestPostfixAKeyMayPrecedeItsCertificate(t *testing.T) {
	p, path := tableOf(t, "texthash", "mail.a.test DIR/key DIR/cert DIR/both\n", "both")
	dir := strings.TrimSuffix(path, "/sni")
	daemontest.Put(t, dir+"/key", "-----BEGIN EC PRIVATE KEY-----\n")
	daemontest.Put(t, dir+"/cert", "-----BEGIN CERTIFICATE-----\n")
	want := []daemon.Installed{{Cert: dir + "/cert", Key: dir + "/key"}, {Cert: dir + "/both", Key: dir + "/both"}}
	if s := p.sites()[1]; !slices.Equal(s.Pairs, want) {
		t.Errorf("%v", s.Pairs)
	}
}

func TestPostfixTablesOfEveryKind(t *testing.T) {
	_, path := tableOf(t, "hash", "mail.a.test DIR/k.pem\n", "k.pem")
	dir := strings.TrimSuffix(path, "/sni")
	daemontest.Put(t, dir+"/second", "mail.a.test "+dir+"/gone.pem\nmail.b.test "+dir+"/k.pem\n")
	for _, c := range []struct{ maps, slots, fixed, aside string }{
		{"hash:" + dir + "/sni, btree:" + dir + "/second", "default mail.a.test mail.b.test", "mail.b.test: is left alone: mail.a.test names", ""},
		{"texthash:" + dir + "/second", "default mail.a.test mail.b.test", "", ""},
		{"ldap:" + dir + "/ldap.cf, texthash:" + dir + "/sni", "default mail.a.test", "", "ldap.cf is of a type that certdesk cannot list"},
		{"regexp:/r, pcre:/p", "default", "", "regexp:/r is of a type|pcre:/p is of a type"},
		{"proxy:hash:" + dir + "/sni", "default", "", "is of a type"},
		{dir + "/sni", "default", "", "has no type"},
		{"lmdb:" + dir + "/nothing", "default", "", "cannot be read"},
		{"inline:{ {mail.c.test = /x.pem, /y.pem}, .d.test=/z.pem }", "default *.d.test mail.c.test", "mail.c.test: is in the configuration itself", ""},
		{"$sni", "default", "", ""},
	} {
		p := postfixFrom(legacyMain+"tls_server_sni_maps = "+c.maps+"\n", smtpLine)
		var slots []string
		why, hidden := "", false
		for _, s := range p.sites() {
			if s.Index < 0 { // a table that may have any name
				hidden, why = true, why+s.Fixed+"\n"
				unlisted, amiss := strings.TrimPrefix(s.Unlisted, "it "), strings.Contains(s.Fixed, "has no type") || strings.Contains(s.Fixed, "cannot be read")
				if unlisted == "" || !strings.Contains(s.Fixed, unlisted) || s.Amiss != amiss {
					t.Errorf("%s: %q is unlisted because %q, a fault: %v", c.maps, s.Where, s.Unlisted, s.Amiss)
				}
				continue
			}
			slots = append(slots, s.Slot())
			why += s.Slot() + ": " + s.Fixed + "\n"
		}
		name, fixed, _ := strings.Cut(c.fixed, ": ")
		if strings.Join(slots, " ") != c.slots || !strings.Contains(why, fixed) || !strings.Contains(why, name+": ") || c.fixed == "" && strings.Count(why, ": \n") != len(slots) {
			t.Errorf("%s: %v\n%s", c.maps, slots, why)
		}
		for _, aside := range strings.Split(c.aside, "|") {
			if !strings.Contains(why, aside) || c.aside == "" && hidden {
				t.Errorf("%s: %s", c.maps, why)
			}
		}
	}
}

// TestPostfixEachPortHasItsTables: an override gives a port tables of its own, and what postmap would make live beside
// is said.
func TestPostfixEachPortHasItsTables(t *testing.T) {
	first, path := tableOf(t, "hash", "mail.a.test DIR/k.pem\nmail.b.test DIR/l.pem\n", "k.pem")
	dir := strings.TrimSuffix(path, "/sni")
	daemontest.Put(t, dir+"/sni.db", "made")
	daemontest.Put(t, dir+"/l.pem", "renewed since")
	old, _ := os.Stat(dir + "/sni.db")
	os.Chtimes(dir+"/k.pem", old.ModTime().AddDate(0, 0, -1), old.ModTime().AddDate(0, 0, -1))
	os.Chtimes(dir+"/l.pem", old.ModTime().AddDate(0, 0, 1), old.ModTime().AddDate(0, 0, 1))
	p := postfixFrom(first.texts.was[first.main], smtpLine+wrapLine+"  -o tls_server_sni_maps=\n")
	var slot daemon.Site
	for _, s := range p.sites() {
		if s.Slot() == "mail.a.test" {
			slot = s
		}
	}
	if len(slot.Listen) != 1 || slot.Listen[0].Port != 25 {
		t.Errorf("%+v", slot)
	}
	p.listed = []daemon.Listener{{Scheme: "smtp", Host: "127.0.0.1", Port: 25}}
	e, err := p.edit([]daemon.Site{slot}, []daemon.Files{{Cert: "/c", Key: "/k", Combined: "/b"}})
	said := strings.Join(e.Warnings, "\n")
	if err != nil || !strings.Contains(said, "l.pem was changed since postmap -F") || !strings.Contains(said, "contains private keys, and others may read it") || len(e.Warnings) != 2 {
		t.Errorf("%v %q", err, said)
	}
}

func TestPostfixAPortThatSharesATableIsNamed(t *testing.T) {
	first, _ := tableOf(t, "texthash", "mail.a.test DIR/k.pem\n", "k.pem")
	p := postfixFrom(first.texts.was[first.main], smtpLine+wrapLine)
	p.listed = []daemon.Listener{{Scheme: "smtp", Host: "127.0.0.1", Port: 25}}
	e, err := p.edit(p.sites()[2:], []daemon.Files{{Cert: "/c", Key: "/k", Combined: "/b"}})
	if said := strings.Join(e.Warnings, "\n"); err != nil || len(e.Warnings) != 1 || !strings.Contains(said, "smtps://127.0.0.1:465 reads texthash:") {
		t.Errorf("%v %q", err, said)
	}
}
