package request

import (
	"context"
	"slices"
	"sync"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/ordering"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// running is an order that is carried out, whoever looks at it: leaving its page leaves it running.
type running struct {
	name, ca string
	stop     context.CancelFunc

	mu    sync.Mutex
	state orderState
	moved chan struct{} // closed with each change of the state
}

// orderState is how far an order is.
type orderState struct {
	id    int64 // of the request, once there is one
	steps []ordering.Progress
	entry certstore.Entry // at the end
	err   error
	over  bool
}

// carryOut does the work of an order, or of a part of one.
type carryOut func(context.Context, ordering.Options) (certstore.Entry, error)

// start carries the order of a request out behind the desk; id is 0 where the request is made first. It ends with the
// desk, or when somebody stops it.
func (m *Memory) start(d *screen.Desk, id int64, name, ca string, do carryOut) (*running, tea.Cmd) {
	ctx, stop := context.WithCancel(d.Context)
	r := &running{name: name, ca: ca, stop: stop, state: orderState{id: id}, moved: make(chan struct{})}
	m.orders = slices.DeleteFunc(m.orders, func(old *running) bool { return old.now().over })
	m.orders = append(m.orders, r)
	return r, d.In(screen.AppFrame).Behind(func(desk context.Context) tea.Msg {
		defer stop()
		defer context.AfterFunc(desk, stop)()
		e, err := do(ctx, ordering.Options{Watch: r.step})
		r.end(e, err)
		return screen.NoticeMsg{Text: r.said()}
	})
}

// ordered is the order of a request that runs now; nil where none does.
func (m *Memory) ordered(id int64) *running {
	for _, r := range m.orders {
		if now := r.now(); now.id == id && !now.over {
			return r
		}
	}
	return nil
}

// Ordering is what is being ordered now; "" for nothing.
func (m *Memory) Ordering() string {
	for _, r := range m.orders {
		if !r.now().over {
			return r.name
		}
	}
	return ""
}

func (r *running) now() orderState {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state
}

// next gives the state, and what is closed when it is another.
func (r *running) next() (orderState, <-chan struct{}) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state, r.moved
}

func (r *running) change(do func(*orderState)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	do(&r.state)
	close(r.moved)
	r.moved = make(chan struct{})
}

// step keeps the latest word on each step. The steps that somebody was given stay as they are.
func (r *running) step(p ordering.Progress) {
	r.change(func(s *orderState) {
		s.id = max(s.id, p.ID)
		list, n := slices.Clone(s.steps), len(s.steps)
		if n > 0 && list[n-1].Step == p.Step && list[n-1].Name == p.Name && !list[n-1].Done {
			list = list[:n-1]
		}
		s.steps = append(list, p)
	})
}

func (r *running) end(e certstore.Entry, err error) {
	r.change(func(s *orderState) {
		s.id = max(s.id, e.ID)
		s.entry, s.err, s.over = e, err, true
	})
}

// said is what became of it in a sentence for the footer.
func (r *running) said() string {
	switch now := r.now(); {
	case now.err == nil:
		return r.name + " is issued by " + r.ca
	case words.Canceled(now.err):
		return r.name + ": the order is stopped, enter on its row goes on with it"
	default:
		text, _ := words.Failure(now.err)
		return r.name + " was not issued: " + text
	}
}
