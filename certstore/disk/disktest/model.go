package disktest

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"strings"
	"sync"
	"syscall"

	"certdesk/certstore/disk"
	"certdesk/certstore/guard"
)

// Model is a file system in memory. It may be used by several goroutines at once.
type Model struct {
	// Label says, for a crash image, what was dropped and what kept.
	Label string

	mu      sync.Mutex
	start   *world // before the first operation
	now     *world
	ops     []Op
	marks   []string // of the model this one is an image of
	locks   map[int]any
	failAt  int
	failErr error
	killed  bool // from failAt on
	drop    func(op *Op, nth int) bool
	syncs   int
}

// Op is one recorded operation.
type Op struct {
	Kind string // "create", "write", "fsync", …; "mark" for Mark
	Path string // the object's name, for people
	Site string // for fsync: the functions of package disk that led to it, innermost first
	Err  error  // what it was made to fail with

	dropped  bool
	node     int
	name, to string
	off      int64
	data     []byte
	mode     fs.FileMode
	gid      int
}

func (o Op) String() string {
	s := o.Kind + " " + o.Path
	if o.to != "" {
		s += " → " + o.to
	}
	if o.Err != nil {
		s += fmt.Sprintf(" (%v)", o.Err)
	}
	return s
}

// NewModel makes a file system with these directories, mode 0755, all durable.
func NewModel(dirs ...string) *Model {
	w := newWorld()
	for _, dir := range dirs {
		w.mkdirAll(dir)
	}
	w.settle()
	return newModel(w)
}

func newModel(w *world) *Model {
	return &Model{start: w, now: w.clone(), locks: map[int]any{}, failAt: -1}
}

// Ops gives what happened so far.
func (m *Model) Ops() []Op {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]Op(nil), m.ops...)
}

// FailAt makes the operation with this index in Ops fail with err. A failing write writes half of its bytes, a
// failing close closes.
func (m *Model) FailAt(n int, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failAt, m.failErr = n, err
}

// DropSync makes the nth fsync (from 0) succeed without doing anything.
func (m *Model) DropSync(n int) {
	m.drop = func(_ *Op, nth int) bool { return nth == n }
}

// DropSyncsAt does that to every fsync from this Site, as if it had been taken out of the code.
func (m *Model) DropSyncsAt(site string) {
	m.drop = func(op *Op, _ int) bool { return op.Site == site }
}

// Syncs gives the fsyncs among Ops, in order.
func (m *Model) Syncs() []Op {
	var syncs []Op
	for _, op := range m.Ops() {
		if op.Kind == "fsync" {
			syncs = append(syncs, op)
		}
	}
	return syncs
}

// KillAt lets the process that uses the model die before the operation with this index: that one and all later ones
// fail with ErrKilled and do nothing. Begin ends it, for the next process.
func (m *Model) KillAt(n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failAt, m.failErr, m.killed = n, ErrKilled, true
}

// ErrKilled is what a process that KillAt has killed would see, if it could.
var ErrKilled = errors.New("the process is dead")

// Snapshot is a copy of what programs see now, everything durable.
func (m *Model) Snapshot() *Model {
	marks := m.Marks()
	m.mu.Lock()
	defer m.mu.Unlock()
	w := m.now.clone()
	w.settle()
	s := newModel(w)
	s.marks = marks
	return s
}

// Mark notes that something was promised to somebody: crash images from here on carry the text in Marks.
func (m *Model) Mark(text string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ops = append(m.ops, Op{Kind: "mark", Path: text})
}

// Marks gives what was marked before, in the model itself and in the one it is an image of.
func (m *Model) Marks() []string {
	marks := append([]string(nil), m.marks...)
	for _, op := range m.Ops() {
		if op.Kind == "mark" {
			marks = append(marks, op.Path)
		}
	}
	return marks
}

// Settle makes everything durable and forgets the operations: the scenario begins here.
func (m *Model) Settle() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now.settle()
	m.start, m.ops, m.syncs = m.now.clone(), nil, 0
}

// Begin forgets the operations without making anything durable: what was done so far was done by somebody else,
// whom KillAt killed, say.
func (m *Model) Begin() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.failAt, m.killed, m.locks = -1, false, map[int]any{}
	m.start, m.ops, m.syncs = m.now.clone(), nil, 0
}

// do records an operation and carries it out; check says, before that, why it must fail by itself.
func (m *Model) do(op Op, check func(w *world) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if op.Kind == "fsync" {
		op.Site = site()
	}
	if m.killed && len(m.ops) >= m.failAt {
		return ErrKilled
	}
	if m.failAt == len(m.ops) {
		op.Err = m.failErr
	} else if check != nil {
		if err := check(m.now); err != nil {
			op.Err = err
			op.Kind += " (refused)"
		}
	}
	if op.Kind == "fsync" {
		op.dropped = m.drop != nil && m.drop(&op, m.syncs)
		m.syncs++
	}
	m.ops = append(m.ops, op)
	m.now.apply(&op)
	return op.Err
}

// look records an operation that changes nothing.
func (m *Model) look(kind, what string, get func(w *world) error) error {
	return m.do(Op{Kind: kind, Path: what, node: -1}, get)
}

const diskPackage = "certdesk/certstore/disk."

// site lists the functions of package disk on the stack.
func site() string {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	var names []string
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, diskPackage) && !strings.HasSuffix(f.File, "_test.go") {
			names = append(names, fmt.Sprintf("%s:%d", strings.TrimPrefix(f.Function, diskPackage), f.Line))
		}
		if !more {
			return strings.Join(names, " < ")
		}
	}
}

// ReadFile gives the bytes of a file, and false if there is none.
func (m *Model) ReadFile(name string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	id, err := m.now.find(name)
	if err != nil || m.now.nodes[id].dir {
		return nil, false
	}
	return m.now.nodes[id].now.data, true
}

// Walk calls visit for every file and directory but the root, in order of path.
func (m *Model) Walk(visit func(name string, info disk.Info)) {
	m.mu.Lock()
	seen := m.now.clone()
	m.mu.Unlock()
	seen.walk(0, "/", visit)
}

// UID is 0: the model's only user, who owns everything.
func (m *Model) UID() int { return 0 }

// Stat implements disk.FS.
func (m *Model) Stat(name string) (info disk.Info, err error) {
	err = m.look("stat", name, func(w *world) error {
		id, err := w.find(name)
		if err == nil {
			info = w.info(id)
		}
		return err
	})
	return info, err
}

// Readlink implements disk.FS; the model has no symbolic links.
func (m *Model) Readlink(name string) (string, error) {
	return "", m.look("readlink", name, func(*world) error { return syscall.EINVAL })
}

// Access implements disk.FS.
func (m *Model) Access(name string) error {
	return m.look("access", name, func(w *world) error {
		_, err := w.find(name)
		return err
	})
}

// ACL implements disk.FS; the model has no access lists.
func (m *Model) ACL(string) (guard.ACL, error) { return guard.ACL{}, nil }

// Kind implements disk.FS.
func (m *Model) Kind(string) string { return "" }

// OpenDir implements disk.FS.
func (m *Model) OpenDir(name string) (disk.Folder, error) {
	f := &folder{m: m, path: path.Clean(name)}
	err := m.look("opendir", name, func(w *world) (err error) {
		if f.node, err = w.find(name); err == nil && !w.nodes[f.node].dir {
			err = syscall.ENOTDIR
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}
