package screen

import (
	"fmt"
	"sync/atomic"
)

// Progress carries how far a reading has come from the command that reads to the screen. It may be used by
// several goroutines at once.
type Progress struct{ done, total atomic.Int64 }

// Report says that done of total bytes have been read.
func (p *Progress) Report(done, total int64) {
	p.total.Store(total)
	p.done.Store(done)
}

// Text is "42 %", or "" before anything is known.
func (p *Progress) Text() string {
	if p == nil || p.total.Load() <= 0 {
		return ""
	}
	return fmt.Sprintf("%d %%", min(100, 100*p.done.Load()/p.total.Load()))
}
