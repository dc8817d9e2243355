package daemon

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Memory keeps what daemons said of themselves while nothing that they read, and nobody who listens at their ports, has
// changed: to ask them runs their tools, which a desk would do every minute of every day. Its zero value knows nothing.
// It may be used by several at once.
type Memory struct {
	mu      sync.Mutex
	known   map[string]memory // by all that an instance is
	sockets []socket          // those that listen, as this survey found them
	counted bool
}

// memory is what one service said, and what that was read from.
type memory struct {
	state   State
	at      time.Time
	files   map[string]os.FileInfo // nil for one that is not there
	sockets []socket
}

// believed is how long something is kept at most: a table in a database changes, and no file shows it.
const believed = 10 * time.Minute

// sameTick is how old a file must be to be told from one that is written once more in the same tick of its clock.
const sameTick = 2 * time.Second

// Forget has everybody asked again.
func (m *Memory) Forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known = nil
}

// Begin begins a survey: who listens is found out once in each, since Linux walks all connections of a machine for it.
func (m *Memory) Begin() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.sockets, m.counted = nil, false
}

// at are the sockets at which clients of these sites arrive, whoever holds them.
func (m *Memory) at(h Host, sites []Site) (list []socket) {
	if len(sites) == 0 {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.counted {
		m.sockets, m.counted = h.Listening(), true
	}
	for _, k := range m.sockets {
		if slices.ContainsFunc(sites, func(s Site) bool {
			return slices.ContainsFunc(s.Listen, func(l Listener) bool { return listensAt(k.local, l) })
		}) {
			list = append(list, k)
		}
	}
	return list
}

// Look is what an instance says, asked anew where that may have changed. An error is never kept.
func (m *Memory) Look(h Host, in Instance, ask func() (*Reading, error)) (State, error) {
	key := fmt.Sprintf("%q", in)
	m.mu.Lock()
	k, ok := m.known[key]
	m.mu.Unlock()
	if ok && slices.Equal(k.sockets, m.at(h, k.state.Sites)) && k.holds() {
		return k.state, nil
	}
	began := time.Now()
	r, err := ask()
	if err != nil {
		return State{}, err
	}
	m.keep(key, memory{r.State, began, sourcesOf(in.Config, r), m.at(h, r.Sites)})
	return r.State, nil
}

func (m *Memory) keep(key string, k memory) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.known, key)
	if k.fresh() {
		return
	}
	if m.known == nil {
		m.known = map[string]memory{}
	}
	m.known[key] = k
}

// sourcesOf are the files that a configuration was read from, and the directories where one may come or go.
func sourcesOf(config string, r *Reading) map[string]os.FileInfo {
	dir := config
	if info, err := os.Stat(config); err != nil || !info.IsDir() {
		dir = filepath.Dir(config)
	}
	paths := append(ConfigFiles(config), config, dir, r.PidFile)
	below, _ := os.ReadDir(dir) // conf.d and its like, empty today
	for _, e := range below {
		if e.IsDir() {
			paths = append(paths, filepath.Join(dir, e.Name()))
		}
	}
	for _, path := range r.Named {
		if info, err := os.Stat(path); !writtenByDaemons(path) && (err != nil || !info.IsDir()) {
			paths = append(paths, path, filepath.Dir(path))
		}
	}
	files := map[string]os.FileInfo{}
	for _, path := range paths {
		files[path], _ = os.Stat(path)
	}
	return files
}

// writtenByDaemons knows what Postfix names besides its configuration: logs and mail change all the time.
func writtenByDaemons(path string) bool {
	return slices.ContainsFunc([]string{"/var/log/", "/var/mail/", "/var/spool/", "/var/cache/", "/run/", "/dev/"},
		func(dir string) bool {
			return strings.HasPrefix(path, dir)
		})
}

// fresh says whether a file was written while it was read, or may be again within the same tick.
func (k memory) fresh() bool {
	for _, info := range k.files {
		if info != nil && info.ModTime().After(k.at.Add(-sameTick)) {
			return true
		}
	}
	return false
}

// holds says whether all files are as they were.
func (k memory) holds() bool {
	if time.Since(k.at) > believed {
		return false
	}
	for path, was := range k.files {
		is, err := os.Stat(path)
		if (err != nil) != (was == nil) {
			return false
		}
		if err == nil && (!os.SameFile(is, was) || is.Size() != was.Size() || !is.ModTime().Equal(was.ModTime())) {
			return false
		}
	}
	return true
}
