//go:build unix

package ui_test

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/storetest"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// quiet is how long a desk must have sent nothing until what it sent is taken for all of it.
const quiet = 150 * time.Millisecond

// sent presses keys and gives the bytes the terminal is sent for them.
func (p *terminal) sent(keys string) int {
	p.Helper()
	mark := len(p.Shown())
	p.Types(keys)
	p.settle(mark)
	return len(p.Shown()) - mark
}

// settle waits until something was sent after mark, and then nothing for a while.
func (p *terminal) settle(mark int) {
	p.Helper()
	last, since, end := mark, time.Now(), time.Now().Add(patience)
	for time.Now().Before(end) {
		time.Sleep(20 * time.Millisecond)
		if n := len(p.Shown()); n != last {
			last, since = n, time.Now()
		} else if n > mark && time.Since(since) > quiet {
			return
		}
	}
	p.Fatalf("nothing was sent, or it never ended: %q", p.Shown()[mark:])
}

// costs are the bytes for what a person does most, in the order of a README's table; most is what each may cost on a
// terminal of w×h cells.
var costs = []struct {
	what string
	keys string
	most func(w, h int) int
}{
	{"one row down", "j", fewLines(3)},
	{"one row up", "k", fewLines(3)},
	{"a page down", "\x1b[6~", frameOf},
	{"one row up, further in", "k", fewLines(3)},
	{"a dialog opens", "D", frameOf},
	{"it closes", "\x1b", frameOf},
	{"the filter opens", "/", frameOf},
	{"a letter in it", "m", frameOf},
	{"it is cleared", "\x1b", frameOf},
	{"a form opens", "n", frameOf},
	{"its next field", "\t", frameOf},
	{"a letter in a field", "a", fewLines(4)},
}

// fewLines allows n lines and, where details stand beside the table, the lines of that pane that differ.
func fewLines(n int) func(w, h int) int {
	return func(w, h int) int {
		if w >= words.PaneFrom {
			n += h / 3
		}
		return n * (2*w + 100)
	}
}

// frameOf allows every line once.
func frameOf(w, h int) int { return h * (2*w + 100) }

// On a slow line the bytes of a key press are what a person waits for: one that moves the cursor sends the lines that
// changed and not the frame, however many rows there are. CERTDESK_ALL=1 go test -run BytesOnASlowLine -v shows the
// numbers at each size.
func TestBytesOnASlowLine(t *testing.T) {
	counts, sizes := []int{10_000}, [][2]int{{80, 24}}
	if os.Getenv("CERTDESK_ALL") != "" {
		counts, sizes = []int{10, 10_000}, [][2]int{{80, 24}, {140, 45}}
	}
	for _, rows := range counts {
		for _, size := range sizes {
			t.Run(fmt.Sprintf("%d rows %s", rows, uitest.SizeName(size)), func(t *testing.T) {
				measureBytes(t, rows, size[0], size[1])
			})
		}
	}
}

func measureBytes(t *testing.T, rows, w, h int) {
	p := openTerminal(t)
	if err := storetest.Fill(p.store, rows, time.Now()); err != nil {
		t.Fatal(err)
	}
	p.Resize(w, h)
	p.start("desk")
	p.Wait(fmt.Sprintf("1 of %d", rows), 0)
	p.settle(0)
	t.Logf("%7d  the first frame", len(p.Shown()))
	p.refreshed(rows)
	for _, cost := range costs {
		n := p.sent(cost.keys)
		t.Logf("%7d  %s", n, cost.what)
		if most := cost.most(w, h); n > most {
			t.Errorf("%s: %d bytes, more than %d", cost.what, n, most)
		}
	}
}

// refreshed lets another process add a row, no wider than the others.
func (p *terminal) refreshed(rows int) {
	p.Helper()
	ctx := context.Background()
	store, err := certstore.Open(certstore.Options{Dir: p.store})
	if err != nil {
		p.Fatal(err)
	}
	mark := len(p.Shown())
	make1(p, ctx, store, "a.example.or")
	p.Wait(fmt.Sprintf("of %d", rows+1), mark)
	p.settle(mark)
	p.Logf("%7d  a row comes from outside", len(p.Shown())-mark)
}
