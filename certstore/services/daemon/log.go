package daemon

import (
	"io"
	"os"
	"path/filepath"
	"strings"
)

const (
	logBytes = 64 << 10 // of a daemon's log are read at most
	logLines = 5        // are shown at most
)

// Mark is a place in a daemon's log: what was written behind it belongs to what was done since.
type Mark struct {
	path string
	info os.FileInfo
}

// MarkLog remembers the end of a log; one that is not there begins empty.
func MarkLog(path string) Mark {
	info, _ := os.Stat(path)
	return Mark{path, info}
}

// since gives what was written since the mark: all of a log that was rotated meanwhile, its end where it is long.
func (m Mark) since() string {
	if m.path == "" || !filepath.IsAbs(m.path) {
		return ""
	}
	info, err := os.Stat(m.path)
	if err != nil || !info.Mode().IsRegular() {
		return ""
	}
	f, err := os.Open(m.path)
	if err != nil {
		return ""
	}
	defer f.Close()
	from := int64(0)
	if m.info != nil && os.SameFile(m.info, info) && info.Size() >= m.info.Size() {
		from = m.info.Size()
	}
	from = max(from, info.Size()-logBytes)
	data, _ := io.ReadAll(io.NewSectionReader(f, from, logBytes))
	return string(data)
}

var troubleWords = []string{"fatal", "error", "warning", "emerg", "crit", "alert", "panic", "ah0", "cannot", "failed"}

// Trouble gives the last lines since the mark that tell of trouble, each safe to show.
func (m Mark) Trouble() []string {
	var found []string
	for _, text := range strings.Split(m.since(), "\n") {
		lower := strings.ToLower(text)
		for _, word := range troubleWords {
			if strings.Contains(lower, word) {
				found = append(found, discreet(strings.TrimSpace(text)))
				break
			}
		}
	}
	return found[max(0, len(found)-logLines):]
}
