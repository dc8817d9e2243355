package disk_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"certdesk/certstore/disk"
	"certdesk/certstore/disk/disktest"
	"certdesk/certstore/ledger"
)

const (
	storeDir = "/srv/store"
	target   = "/out/webmail.req"
)

var clock = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// scenario is something people do, on a file system that somebody prepared.
type scenario struct {
	name    string
	prepare func(m *disktest.Model)
	run     func(m *disktest.Model) error
	check   func(m *disktest.Model) error // beside the invariants that hold for all

	// notTwice: the bytes are somebody else's, so that a second try after a failed fsync cannot write them again and
	// a power cut then may take them.
	notTwice bool
}

// Data is what a record of these tests says: the objects it relies on, or destroys.
type lineData struct {
	Needs  []string `json:"needs,omitempty"`
	Purges []string `json:"purges,omitempty"`
	Pad    string   `json:"pad,omitempty"`
}

func nameOf(label string) string {
	sum := sha256.Sum256([]byte(label))
	return hex.EncodeToString(sum[:])
}

func bytesOf(kind ledger.ObjectKind, name string) []byte {
	return []byte(strings.Repeat("bytes of "+string(kind)+"/"+name+"\n", 3))
}

func options(fsys disk.FS) disk.Options {
	return disk.Options{Dir: storeDir, Write: true, ReadersGID: -1, FS: fsys, LockWait: 100 * time.Millisecond,
		Now: func() time.Time { return clock }, Actor: ledger.Actor{UID: 1000, TTY: "/dev/pts/1"}}
}

// person does things to a store and marks what was promised to them.
type person struct {
	m *disktest.Model
	d *disk.Dir
}

func come(m *disktest.Model) (*person, error) {
	d, err := disk.Open(options(m))
	return &person{m, d}, err
}

func (p *person) put(kind ledger.ObjectKind, label string) error {
	name := nameOf(label)
	if err := p.d.Put(kind, name, bytesOf(kind, name)); err != nil {
		return err
	}
	p.m.Mark("object " + string(kind) + "/" + name)
	return nil
}

func (p *person) record(op string, data lineData, after ...func() error) error {
	var seq int64
	err := p.d.Update(context.Background(), func(tx *disk.Tx) (err error) {
		for _, do := range after {
			tx.After(do)
		}
		seq, err = tx.Append(op, data)
		return err
	})
	if err == nil {
		p.m.Mark(fmt.Sprintf("record %d", seq))
	}
	return err
}

func ref(kind ledger.ObjectKind, label string) string { return string(kind) + "/" + nameOf(label) }

// makeRequest is what Store.New does for a request.
func makeRequest(m *disktest.Model, label string, overwrite bool) error {
	p, err := come(m)
	if err != nil {
		return err
	}
	if err := p.put(ledger.Keys, label); err != nil {
		return err
	}
	if err := p.put(ledger.Requests, label); err != nil {
		return err
	}
	name := nameOf(label)
	staged, err := disk.Stage(m, target, bytesOf(ledger.Requests, name), 0o600, overwrite)
	if err != nil {
		return err
	}
	defer staged.Cleanup()
	if err := p.record("new", lineData{Needs: []string{ref(ledger.Keys, label), ref(ledger.Requests, label)}}); err != nil {
		return err
	}
	if err := staged.Commit(); err != nil {
		return err
	}
	m.Mark("left " + name)
	return nil
}

// answer is what Store.Import does with the certificate for a request.
func answer(m *disktest.Model, label string) error {
	p, err := come(m)
	if err != nil {
		return err
	}
	for _, cert := range []string{label, "intermediate"} {
		if err := p.put(ledger.Certs, cert); err != nil {
			return err
		}
	}
	return p.record("import", lineData{Needs: []string{ref(ledger.Keys, label), ref(ledger.Certs, label), ref(ledger.Certs, "intermediate")}})
}

// importSeveral is what Store.ImportAll does: one key is there already, and one object is put for both.
func importSeveral(m *disktest.Model) error {
	p, err := come(m)
	if err != nil {
		return err
	}
	for _, kind := range []ledger.ObjectKind{ledger.Keys, ledger.Certs} {
		all := map[string][]byte{}
		for _, label := range []string{"webmail", "imap", "smtp"} {
			all[nameOf(label)] = bytesOf(kind, nameOf(label))
		}
		if err := p.d.PutAll(kind, all); err != nil {
			return err
		}
		for name := range all {
			p.m.Mark("object " + string(kind) + "/" + name)
		}
	}
	for _, label := range []string{"imap", "smtp"} {
		if err := p.record("import", lineData{Needs: []string{ref(ledger.Keys, label), ref(ledger.Certs, label)}}); err != nil {
			return err
		}
	}
	return nil
}

// importTogether appends several lines with one write that takes more than one page.
func importTogether(m *disktest.Model) error {
	p, err := come(m)
	if err != nil {
		return err
	}
	if err := p.put(ledger.Certs, "intermediate"); err != nil {
		return err
	}
	var added []ledger.Record
	err = p.d.Update(context.Background(), func(tx *disk.Tx) error {
		for range 4 {
			rec, err := tx.Add("import", lineData{Needs: []string{ref(ledger.Certs, "intermediate")}, Pad: strings.Repeat("y", 3000)})
			if err != nil {
				return err
			}
			added = append(added, rec)
		}
		return nil
	})
	for _, rec := range added {
		if err == nil {
			p.m.Mark(fmt.Sprintf("record %d", rec.Seq))
		}
	}
	return err
}

func remove(m *disktest.Model) error {
	p, err := come(m)
	if err != nil {
		return err
	}
	return p.record("remove", lineData{})
}

// purge names the objects, then unlinks them.
func purge(m *disktest.Model, label string) error {
	p, err := come(m)
	if err != nil {
		return err
	}
	going := []string{ref(ledger.Keys, label), ref(ledger.Requests, label)}
	return p.record("purge", lineData{Purges: going}, func() error { return p.unlink(going) })
}

func (p *person) unlink(going []string) error {
	for _, object := range going {
		kind, name, _ := strings.Cut(object, "/")
		if err := p.d.Delete(ledger.ObjectKind(kind), name); err != nil {
			return err
		}
		p.m.Mark("gone " + object)
	}
	return nil
}

// finishPurge unlinks what the journal's purges name, as the next writer does after one that died.
func finishPurge(m *disktest.Model) error {
	p, err := come(m)
	if err != nil {
		return err
	}
	return p.d.Update(context.Background(), func(tx *disk.Tx) error {
		_, err := tx.CatchUp(disk.Position{}, func(records []ledger.Record) error {
			for _, r := range records {
				if err := p.unlink(dataOf(r).Purges); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	})
}

// copied is a key that an admin copied into the store, and nobody synced.
func copied(m *disktest.Model) {
	keys, err := m.OpenDir(storeDir + "/keys")
	must(err)
	name := nameOf("copied")
	f, err := keys.Create(name+".key", 0o600)
	must(err)
	_, err = f.WriteAt(bytesOf(ledger.Keys, name), 0)
	must(err)
}

// nameReaders writes with a configuration that lets a group in.
func nameReaders(m *disktest.Model) error {
	o := options(m)
	o.ReadersGID = 4242
	d, err := disk.Open(o)
	if err != nil {
		return err
	}
	p := &person{m, d}
	if err := p.put(ledger.Certs, "webmail"); err != nil {
		return err
	}
	return p.record("import", lineData{Needs: []string{ref(ledger.Certs, "webmail")}})
}

func putCopied(m *disktest.Model) error {
	p, err := come(m)
	if err != nil {
		return err
	}
	return p.put(ledger.Keys, "copied")
}

func dataOf(r ledger.Record) (data lineData) {
	if err := json.Unmarshal(r.Data, &data); err != nil {
		panic(err)
	}
	return data
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// appendRaw adds bytes to the journal as a writer that died did, without an fsync.
func appendRaw(m *disktest.Model, text []byte) {
	root, err := m.OpenDir(storeDir)
	must(err)
	j, err := root.Edit("journal")
	must(err)
	info, err := j.Info()
	must(err)
	_, err = j.WriteAt(text, info.Size)
	must(err)
}

func prepared(steps ...func(m *disktest.Model)) func(m *disktest.Model) {
	return func(m *disktest.Model) {
		for _, step := range steps {
			step(m)
		}
	}
}

func webmailMade(m *disktest.Model) {
	must(makeRequest(m, "webmail", false))
	m.Settle()
}

func scenarios() []scenario {
	all := []scenario{
		{name: "new in an empty store", run: newWebmail},
		{name: "new in a store with entries", prepare: webmailMade, run: func(m *disktest.Model) error { return makeRequest(m, "smtp", true) }},
		{name: "import", prepare: webmailMade, run: importWebmail},
		{name: "import of several at once", run: importSeveral},
		{name: "import of several at once, one here already", prepare: webmailMade, run: importSeveral},
		{name: "several lines in one write", prepare: webmailMade, run: importTogether},
		{name: "a first record before any object", run: bigRecord},
		{name: "put what an admin copied into the store", prepare: prepared(webmailMade, copied), run: putCopied, notTwice: true},
		{name: "remove", prepare: webmailMade, run: remove},
		{name: "readers are named", prepare: webmailMade, run: nameReaders},
		{name: "purge", prepare: webmailMade, run: purgeWebmail},
		{name: "purge a key with a name that a dead writer left", prepare: prepared(webmailMade, linkLeft), run: purgeWebmail, check: keyDestroyed},
	}
	all = append(all, tornTails()...)
	all = append(all, afterKill("new", nothing, newWebmail, newWebmail)...)
	all = append(all, afterKill("import", webmailMade, importWebmail, importWebmail)...)
	all = append(all, afterKill("remove", webmailMade, bigRecord, remove)...)
	all = append(all, afterKill("remove after several lines", webmailMade, importTogether, remove)...)
	return append(all, afterKill("finish a purge", webmailMade, purgeWebmail, finishPurge)...)
}

// linkLeft is what a writer leaves that dies between link and unlink.
func linkLeft(m *disktest.Model) {
	keys, err := m.OpenDir(storeDir + "/keys")
	must(err)
	must(keys.Link(nameOf("webmail")+".key", ".tmp-DEADWRITER"))
	m.Settle()
}

func tornTails() []scenario {
	long, short := strings.Repeat("torn", 2000), strings.Repeat("0", 64)+" {}\n"
	ends := func(text string) (prepare func(*disktest.Model), check func(*disktest.Model) error) {
		return prepared(webmailMade, func(m *disktest.Model) { appendRaw(m, []byte(text)); m.Settle() }),
			func(m *disktest.Model) error { return keeps(m, text) }
	}
	afterLong, keepsLong := ends(long)
	afterShort, keepsShort := ends(short)
	return []scenario{
		{name: "remove after an unterminated tail", prepare: afterLong, run: remove, check: keepsLong},
		{name: "a long record after a short torn line", prepare: afterShort, run: bigRecord, check: keepsShort},
		{name: "a writer that only looks, after a torn tail", prepare: afterLong, run: look, check: keepsLong},
	}
}

// afterKill gives a scenario for each fsync of a first process: that process is killed before it, when most is
// pending, and a second one comes.
func afterKill(name string, prepare func(*disktest.Model), first, second func(*disktest.Model) error) []scenario {
	rehearsal := disktest.NewModel("/srv", "/out")
	prepare(rehearsal)
	must(first(rehearsal))
	var all []scenario
	for n, op := range rehearsal.Ops() {
		if op.Kind != "fsync" {
			continue
		}
		all = append(all, scenario{
			name:    fmt.Sprintf("%s after a writer killed before fsync %d", name, len(all)+1),
			prepare: prepared(prepare, func(m *disktest.Model) { m.KillAt(n); first(m); m.Begin() }),
			run:     second,
		})
	}
	return all
}

func nothing(*disktest.Model) {}

func newWebmail(m *disktest.Model) error { return makeRequest(m, "webmail", true) }

func importWebmail(m *disktest.Model) error { return answer(m, "webmail") }

func purgeWebmail(m *disktest.Model) error { return purge(m, "webmail") }

func bigRecord(m *disktest.Model) error {
	p, err := come(m)
	if err != nil {
		return err
	}
	return p.record("note", lineData{Pad: strings.Repeat("x", 9000)})
}

func look(m *disktest.Model) error {
	p, err := come(m)
	if err != nil {
		return err
	}
	return p.d.Update(context.Background(), func(*disk.Tx) error { return nil })
}
