package disk_test

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"certdesk/certstore/disk"
	"certdesk/certstore/disk/disktest"
	"certdesk/certstore/ledger"
)

// keeps says that torn bytes are in the journal or in a file of their own.
func keeps(m *disktest.Model, torn string) error {
	if j, ok := m.ReadFile(storeDir + "/journal"); ok && bytes.HasSuffix(j, []byte(torn)) {
		return nil
	}
	found := false
	m.Walk(func(name string, _ disk.Info) {
		data, _ := m.ReadFile(name)
		found = found || strings.HasPrefix(name, storeDir+"/torn-") && string(data) == torn
	})
	if !found {
		return errors.New("the torn bytes are lost")
	}
	return nil
}

// verify says what a person may rely on in any file system that a crash left.
func verify(m *disktest.Model) error {
	marks := m.Marks()
	d, err := disk.Open(options(m))
	if err != nil {
		return err
	}
	records, err := readAll(d)
	if err != nil {
		return err
	}
	for _, check := range []func() error{
		func() error { return narrow(m) },
		func() error { return complete(d, records, marks) },
		func() error { return promised(m, d, records, marks) },
		func() error { return outside(m, d, records) },
		func() error { return listed(d) },
		func() error { return goesOn(m, d) },
	} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func readAll(d *disk.Dir) (all []ledger.Record, err error) {
	_, bad, err := d.Read(disk.Position{}, func(records []ledger.Record) error {
		all = append(all, records...)
		return nil
	}, nil)
	for _, b := range bad {
		if !b.Tail {
			return nil, fmt.Errorf("line %d is bad: %s", b.Line, b.Why)
		}
	}
	return all, err
}

func narrow(m *disktest.Model) (err error) {
	m.Walk(func(name string, info disk.Info) {
		allowed := fs.FileMode(0o640)
		switch {
		case !strings.HasPrefix(name, storeDir) && info.Mode.IsDir():
			return
		case info.Mode.IsDir():
			allowed = 0o750
		case strings.HasPrefix(name, storeDir+"/keys"), !strings.HasPrefix(name, storeDir):
			allowed = 0o600
		}
		if extra := info.Mode.Perm() &^ allowed; extra != 0 {
			err = fmt.Errorf("%s has mode %04o", name, info.Mode.Perm())
		}
	})
	return err
}

// complete says that what the journal names is there, and that nothing went before the journal said so.
func complete(d *disk.Dir, records []ledger.Record, marks []string) error {
	purged := map[string]bool{}
	var needed []string
	for _, r := range records {
		data := dataOf(r)
		needed = append(needed, data.Needs...)
		for _, object := range data.Purges {
			purged[object] = true
		}
	}
	for _, mark := range marks {
		if object, ok := strings.CutPrefix(mark, "object "); ok {
			needed = append(needed, object)
		}
	}
	for _, object := range needed {
		kind, name, _ := strings.Cut(object, "/")
		data, err := d.Get(ledger.ObjectKind(kind), name)
		if errors.Is(err, fs.ErrNotExist) && purged[object] {
			continue
		}
		if err != nil {
			return err
		}
		if !bytes.Equal(data, bytesOf(ledger.ObjectKind(kind), name)) {
			return fmt.Errorf("%s has other bytes", object)
		}
	}
	return nil
}

func promised(m *disktest.Model, d *disk.Dir, records []ledger.Record, marks []string) error {
	for _, mark := range marks {
		what, arg, _ := strings.Cut(mark, " ")
		switch what {
		case "record":
			if !slices.ContainsFunc(records, func(r ledger.Record) bool { return fmt.Sprint(r.Seq) == arg }) {
				return fmt.Errorf("record %s is gone", arg)
			}
		case "gone":
			kind, name, _ := strings.Cut(arg, "/")
			if there, _ := d.Has(ledger.ObjectKind(kind), name); there {
				return fmt.Errorf("%s came back", arg)
			}
		case "left":
			if _, ok := m.ReadFile(target); !ok {
				return errors.New("the request left and its file is gone")
			}
		}
	}
	return nil
}

// outside says that a request that is outside is whole and has its key.
func outside(m *disktest.Model, d *disk.Dir, records []ledger.Record) error {
	found, ok := m.ReadFile(target)
	if !ok {
		return nil
	}
	for _, r := range records {
		for _, object := range dataOf(r).Needs {
			name, isRequest := strings.CutPrefix(object, "requests/")
			if isRequest && bytes.Equal(found, bytesOf(ledger.Requests, name)) {
				return nil // complete has seen that its key is there
			}
		}
	}
	return fmt.Errorf("%d bytes are outside that no record knows", len(found))
}

func listed(d *disk.Dir) error {
	for _, kind := range []ledger.ObjectKind{disk.Top, ledger.Keys, ledger.Certs, ledger.Requests} {
		objects, err := d.List(kind)
		if err != nil {
			return err
		}
		for _, o := range objects {
			if o.Class == disk.ClassStranger {
				return fmt.Errorf("%s/%s is a stranger", kind, o.Name)
			}
		}
	}
	return nil
}

// goesOn says that the next writer can write, and that the chain is whole after it.
func goesOn(m *disktest.Model, d *disk.Dir) error {
	p := &person{m, d}
	if err := p.put(ledger.Keys, "next"); err != nil {
		return err
	}
	if err := p.record("next", lineData{Needs: []string{ref(ledger.Keys, "next")}}); err != nil {
		return err
	}
	_, _, err := d.VerifyChain("")
	return err
}

// keyDestroyed says that a purge that was committed, once finished, leaves the key under no name.
func keyDestroyed(m *disktest.Model) error {
	if j, _ := m.ReadFile(storeDir + "/journal"); !bytes.Contains(j, []byte(`"op":"purge"`)) || !bytes.HasSuffix(j, []byte("\n")) {
		return nil
	}
	if err := finishPurge(m); err != nil {
		return err
	}
	if j, _ := m.ReadFile(storeDir + "/journal"); !bytes.Contains(j, []byte(`"op":"purge"`)) {
		return nil // it was torn
	}
	found := ""
	m.Walk(func(name string, _ disk.Info) {
		if data, ok := m.ReadFile(name); ok && bytes.Equal(data, bytesOf(ledger.Keys, nameOf("webmail"))) {
			found += " " + strings.TrimPrefix(name, storeDir)
		}
	})
	if found != "" {
		return errors.New("the purged key is still in" + found)
	}
	return nil
}
