package disk

import (
	"context"
	"errors"
	"io/fs"
	"time"

	"github.com/fsnotify/fsnotify"
)

const (
	pollEvery = 500 * time.Millisecond
	debounce  = 50 * time.Millisecond
)

// Changes sends whenever the journal changed; at most one send is pending. It is closed when ctx ends.
// The file system's notification is only a hint to look early (it loses events, and network file systems send
// none): every 500 ms the journal itself is looked at.
func (d *Dir) Changes(ctx context.Context) <-chan struct{} {
	w := &watcher{d: d, out: make(chan struct{}, 1)}
	w.seen = w.look()
	w.listen()
	go w.run(ctx)
	return w.out
}

// sight is what a change of the journal changes.
type sight struct {
	file ident
	size int64
}

type watcher struct {
	d       *Dir
	out     chan struct{}
	seen    sight
	notify  *fsnotify.Watcher // nil without notification
	watched ident             // the directory it watches
}

func (w *watcher) run(ctx context.Context) {
	defer close(w.out)
	defer w.deafen()
	poll := time.NewTicker(pollEvery)
	defer poll.Stop()
	var soon <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.events():
			if soon == nil {
				soon = time.After(debounce)
			}
		case <-w.errors(): // events were lost
			w.send()
		case <-soon:
			soon = nil
			w.check()
		case <-poll.C:
			w.check()
			w.listen()
		}
	}
}

func (w *watcher) check() {
	if now := w.look(); now != w.seen {
		w.seen = now
		w.send()
	}
}

func (w *watcher) send() {
	select {
	case w.out <- struct{}{}:
	default:
	}
}

// look gives the journal as it is, and the zero sight if it is not there or not to be seen.
func (w *watcher) look() sight {
	root, _, err := w.d.root()
	if err != nil {
		return sight{}
	}
	defer root.Close()
	info, err := root.Stat(journal)
	if err != nil {
		return sight{}
	}
	return sight{info.ident(), info.Size}
}

// listen watches the store's directory from when it exists, and again if another took its place.
func (w *watcher) listen() {
	_, onDisk := w.d.o.FS.(osFS)
	if !onDisk {
		return
	}
	info, err := w.d.o.FS.Stat(w.d.real)
	if errors.Is(err, fs.ErrNotExist) || info.ident() == w.watched {
		return
	}
	w.deafen()
	n, err := fsnotify.NewWatcher()
	if err != nil {
		return
	}
	if n.Add(w.d.real) != nil {
		n.Close()
		return
	}
	w.notify, w.watched = n, info.ident()
}

func (w *watcher) deafen() {
	if w.notify != nil {
		w.notify.Close()
		w.notify = nil
	}
}

func (w *watcher) events() <-chan fsnotify.Event {
	if w.notify == nil {
		return nil
	}
	return w.notify.Events
}

func (w *watcher) errors() <-chan error {
	if w.notify == nil {
		return nil
	}
	return w.notify.Errors
}
