package disktest

import (
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"syscall"

	"certdesk/certstore/disk"
)

// world is the state of a file system: what programs see, and beside it what is on the disk.
type world struct{ nodes []*node } // by number; 0 is the root

// node is a file or directory.
type node struct {
	dir       bool
	now, safe content
	pending   []change // of a directory: since its last fsync that did not fail
	stuck     []span   // of a file: bytes that a failed fsync lost though the kernel takes them for written
}

// content is never changed in place, so that it can be shared.
type content struct {
	mode    fs.FileMode // permission
	gid     int
	data    []byte
	entries map[string]int
}

// change is one change of a directory: a name goes, a name comes, or both at once.
type change struct {
	gone, come string
	node       int
}

type span struct{ from, to int64 }

func newWorld() *world {
	return &world{nodes: []*node{{dir: true, now: content{mode: 0o755, entries: map[string]int{}}}}}
}

func (w *world) clone() *world {
	c := &world{nodes: make([]*node, len(w.nodes))}
	for i, n := range w.nodes {
		copied := *n
		copied.pending, copied.stuck = slices.Clone(n.pending), slices.Clone(n.stuck)
		c.nodes[i] = &copied
	}
	return c
}

// settle makes everything durable.
func (w *world) settle() {
	for _, n := range w.nodes {
		n.safe, n.pending, n.stuck = n.now, nil, nil
	}
}

func (w *world) mkdirAll(name string) {
	at := 0
	for _, part := range strings.FieldsFunc(name, func(r rune) bool { return r == '/' }) {
		next, ok := w.nodes[at].now.entries[part]
		if !ok {
			next = len(w.nodes)
			w.apply(&Op{Kind: "mkdir", node: at, name: part, mode: 0o755})
		}
		at = next
	}
}

func (w *world) find(name string) (int, error) {
	at := 0
	for _, part := range strings.FieldsFunc(path.Clean(name), func(r rune) bool { return r == '/' }) {
		if !w.nodes[at].dir {
			return 0, syscall.ENOTDIR
		}
		next, ok := w.nodes[at].now.entries[part]
		if !ok {
			return 0, syscall.ENOENT
		}
		at = next
	}
	return at, nil
}

func (w *world) info(id int) disk.Info {
	n := w.nodes[id]
	mode := n.now.mode
	if n.dir {
		mode |= fs.ModeDir
	}
	return disk.Info{Mode: mode, GID: n.now.gid, Links: w.links(id), Size: int64(len(n.now.data)), Device: 1,
		Inode: uint64(id) + 1}
}

func (w *world) links(id int) (n uint64) {
	for _, dir := range w.nodes {
		for _, child := range dir.now.entries {
			if child == id {
				n++
			}
		}
	}
	return n
}

func (w *world) walk(id int, at string, visit func(string, disk.Info)) {
	entries := w.nodes[id].now.entries
	for _, name := range slices.Sorted(maps.Keys(entries)) {
		full := path.Join(at, name)
		visit(full, w.info(entries[name]))
		w.walk(entries[name], full, visit)
	}
}

// apply carries out an operation; one that failed does what a failing one may have done.
func (w *world) apply(op *Op) {
	if op.node < 0 || op.Err != nil && op.Kind != "write" && op.Kind != "fsync" {
		return
	}
	n := w.nodes[op.node]
	switch op.Kind {
	case "create", "mkdir":
		w.add(n, op)
	case "link":
		n.alter(change{come: op.to, node: n.now.entries[op.name]})
	case "rename":
		n.alter(change{gone: op.name, come: op.to, node: n.now.entries[op.name]})
	case "unlink":
		n.alter(change{gone: op.name})
	case "chmod":
		n.now.mode = op.mode
	case "chown":
		n.now.gid = op.gid
	case "write":
		n.write(op)
	case "truncate":
		n.now.data = append(slices.Clone(n.now.data), make([]byte, max(0, int(op.off)-len(n.now.data)))...)[:op.off]
	case "fsync":
		n.sync(op)
	}
}

func (w *world) add(at *node, op *Op) {
	n := &node{dir: op.Kind == "mkdir", now: content{mode: op.mode}}
	if n.dir {
		n.now.entries = map[string]int{}
	}
	n.safe = n.now
	w.nodes = append(w.nodes, n)
	at.alter(change{come: op.name, node: len(w.nodes) - 1})
}

func (n *node) alter(c change) {
	n.now.entries = c.on(n.now.entries)
	n.pending = append(n.pending, c)
}

// on gives the entries with the change made.
func (c change) on(entries map[string]int) map[string]int {
	entries = maps.Clone(entries)
	delete(entries, c.gone)
	if c.come != "" {
		entries[c.come] = c.node
	}
	return entries
}

func (n *node) write(op *Op) {
	data := op.data
	if op.Err != nil {
		data = data[:len(data)/2]
	}
	end := int(op.off) + len(data)
	all := slices.Clone(n.now.data)
	if len(all) < end {
		all = append(all, make([]byte, end-len(all))...)
	}
	copy(all[op.off:], data)
	n.now.data = all
	n.stuck = slices.DeleteFunc(n.stuck, func(s span) bool { return s.from >= op.off && s.to <= int64(end) })
}

// sync makes what is pending durable, but what an earlier failed fsync lost.
func (n *node) sync(op *Op) {
	switch {
	case op.dropped:
	case op.Err != nil:
		n.lose()
	case n.dir:
		n.safe, n.pending = n.now, nil
	default:
		data := slices.Clone(n.now.data)
		for _, s := range n.stuck {
			clear(data[min(int(s.from), len(data)):min(int(s.to), len(data))])
		}
		n.safe = n.now
		n.safe.data = data
	}
}

// lose marks pages as clean though they are not on the disk. Directories are metadata: file systems write them or
// stop altogether.
func (n *node) lose() {
	if from := samePrefix(n.safe.data, n.now.data); !n.dir && from < len(n.now.data) {
		n.stuck = append(n.stuck, span{int64(from), int64(len(n.now.data))})
	}
}

func samePrefix(a, b []byte) int {
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	return i
}
