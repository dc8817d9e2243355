package disktest

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"certdesk/certstore/disk"
)

const (
	page = 4096 // bytes that reach the disk together

	// maxImages bounds the images of one moment. Few moments have more; of those the extreme ones are taken and a
	// fixed choice of the rest.
	maxImages = 256
)

// CrashImages gives every file system that a power cut after the first prefix operations of Ops may leave, each
// different. Nothing is pending in an image; it can be used, failed and crashed like any other Model.
func (m *Model) CrashImages(prefix int) iter.Seq[*Model] {
	m.mu.Lock()
	w := m.start.clone()
	marks := slices.Clone(m.marks)
	for _, op := range m.ops[:prefix] {
		if op.Kind == "mark" {
			marks = append(marks, op.Path)
			continue
		}
		w.apply(&op)
	}
	m.mu.Unlock()
	return func(yield func(*Model) bool) {
		questions := w.questions()
		seen := map[[32]byte]bool{}
		for answers := range combinations(questions) {
			image := w.answered(questions, answers)
			sum := image.print()
			if seen[sum] {
				continue
			}
			seen[sum] = true
			crashed := newModel(image)
			crashed.Label, crashed.marks = label(questions, answers), marks
			if !yield(crashed) {
				return
			}
		}
	}
}

// question is something the power cut decides.
type question struct {
	what    string
	answers int // number of them; 0 is "dropped", the last one is "kept"
	set     func(w *world, answer int)
}

func (w *world) questions() []question {
	var qs []question
	for id, n := range w.nodes {
		for _, c := range n.pending {
			qs = append(qs, question{fmt.Sprintf("entry -%s +%s", c.gone, c.come), 2, func(w *world, a int) {
				if a == 1 {
					w.nodes[id].safe.entries = c.on(w.nodes[id].safe.entries)
				}
			}})
		}
		if versions := n.versions(); len(versions) > 1 && w.reachable(id) {
			qs = append(qs, question{fmt.Sprintf("bytes of %d", id), len(versions), func(w *world, a int) {
				w.nodes[id].safe.data = versions[a]
			}})
		}
		if n.safe.mode != n.now.mode || n.safe.gid != n.now.gid {
			qs = append(qs, question{fmt.Sprintf("mode of %d", id), 2, func(w *world, a int) {
				if a == 1 {
					w.nodes[id].safe.mode, w.nodes[id].safe.gid = n.now.mode, n.now.gid
				}
			}})
		}
	}
	return qs
}

// reachable says whether any image can have a name for the node.
func (w *world) reachable(id int) bool {
	for _, n := range w.nodes {
		for _, child := range n.safe.entries {
			if child == id {
				return true
			}
		}
		for _, c := range n.pending {
			if c.come != "" && c.node == id {
				return true
			}
		}
	}
	return false
}

// versions are the bytes a file may have: those on the disk, some pages of the new ones, all new ones.
func (n *node) versions() [][]byte {
	old, now := n.safe.data, n.now.data
	if n.dir || string(old) == string(now) {
		return nil
	}
	all := [][]byte{old}
	zeros := make([]byte, len(now))
	copy(zeros, old)
	all = append(all, zeros) // the length reached the disk, the bytes did not
	first := samePrefix(old, now) / page
	for p := first + 1; p*page < len(now); p++ {
		late := slices.Clone(zeros)
		copy(late[p*page:], now[p*page:])
		all = append(all, now[:p*page], late)
		if longer := old; len(longer) > len(now) {
			all = append(all, append(slices.Clone(now[:p*page]), longer[p*page:]...))
		}
	}
	if len(old) > len(now) {
		all = append(all, append(slices.Clone(now), old[len(now):]...))
		if edge := (len(now) + page - 1) / page * page; edge < len(old) {
			mixed := append(slices.Clone(now), make([]byte, edge-len(now))...)
			all = append(all, append(mixed, old[edge:]...))
		}
	}
	return append(all, now)
}

// answered is the world on the disk, with each question answered.
func (w *world) answered(qs []question, answers []int) *world {
	image := w.clone()
	for i, q := range qs {
		q.set(image, answers[i])
	}
	for _, n := range image.nodes {
		n.now, n.pending, n.stuck = n.safe, nil, nil
	}
	return image
}

func label(qs []question, answers []int) string {
	var parts []string
	for i, q := range qs {
		word := fmt.Sprintf("version %d", answers[i])
		switch answers[i] {
		case 0:
			word = "dropped"
		case q.answers - 1:
			word = "kept"
		}
		parts = append(parts, q.what+" "+word)
	}
	return strings.Join(parts, ", ")
}

// combinations gives all answers to all questions, or, where they are too many, all dropped, all kept, each one kept
// alone, each one dropped alone, and a fixed scatter of the rest.
func combinations(qs []question) iter.Seq[[]int] {
	total := 1
	for _, q := range qs {
		if total *= q.answers; total > maxImages {
			return scattered(qs)
		}
	}
	return func(yield func([]int) bool) {
		for n := range total {
			answers := make([]int, len(qs))
			for i, q := range qs {
				answers[i] = n % q.answers
				n /= q.answers
			}
			if !yield(answers) {
				return
			}
		}
	}
}

func scattered(qs []question) iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		none, all := make([]int, len(qs)), make([]int, len(qs))
		for i, q := range qs {
			all[i] = q.answers - 1
		}
		if !yield(none) || !yield(all) {
			return
		}
		for i, q := range qs {
			for a := range q.answers {
				alone, without := slices.Clone(none), slices.Clone(all)
				alone[i], without[i] = a, a
				if !yield(alone) || !yield(without) {
					return
				}
			}
		}
		for seed := range maxImages {
			if !yield(scatter(qs, uint64(seed))) {
				return
			}
		}
	}
}

// scatter picks answers by a multiplicative hash, the same in every run.
func scatter(qs []question, seed uint64) []int {
	answers := make([]int, len(qs))
	for i, q := range qs {
		seed = seed*6364136223846793005 + 1442695040888963407
		answers[i] = int(seed>>33) % q.answers
	}
	return answers
}

// print tells one visible tree from another.
func (w *world) print() (sum [32]byte) {
	h := sha256.New()
	w.printTo(h, 0)
	h.Sum(sum[:0])
	return sum
}

func (w *world) printTo(h hash.Hash, id int) {
	n := w.nodes[id]
	fmt.Fprintf(h, "%o %d %d(", n.now.mode, n.now.gid, len(n.now.data))
	h.Write(n.now.data)
	for _, name := range slices.Sorted(maps.Keys(n.now.entries)) {
		io.WriteString(h, name+"=")
		w.printTo(h, n.now.entries[name])
	}
	io.WriteString(h, ")")
}

var _ disk.FS = (*Model)(nil)
