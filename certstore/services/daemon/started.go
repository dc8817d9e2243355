package daemon

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// started keeps what a daemon was last seen to be started with, so that one that dies meanwhile is started so again.
var started = struct {
	sync.Mutex
	words map[string][]string // by driver and configuration
}{words: map[string][]string{}}

// AsStarted gives the words again where none are seen any more; seen is nil for a daemon that does not run.
func AsStarted(driver, config string, seen []string) []string {
	started.Lock()
	defer started.Unlock()
	key := driver + " " + config
	if seen != nil {
		started.words[key] = seen
	}
	return started.words[key]
}

// CommandLines are those of all processes of a program, their words joined by zero bytes.
func (h Host) CommandLines(program string) []string {
	var all []string
	stats, _ := filepath.Glob(h.Path("/proc/[0-9]*/stat"))
	for _, path := range stats {
		stat, err := os.ReadFile(path)
		if err != nil {
			continue
		}
		if name, state := parseStat(string(stat)); name != program || state == 'Z' {
			continue
		}
		line, err := os.ReadFile(filepath.Join(filepath.Dir(path), "cmdline"))
		if err == nil {
			all = append(all, strings.TrimRight(string(line), "\x00"))
		}
	}
	return all
}

// OptionOf is the value of an option among words, written "-c x" or "-cx".
func OptionOf(words []string, name string) string {
	for i, w := range words {
		value, ok := strings.CutPrefix(w, name)
		switch {
		case ok && value != "":
			return value
		case ok && i+1 < len(words):
			return words[i+1]
		}
	}
	return ""
}
