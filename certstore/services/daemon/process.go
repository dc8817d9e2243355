package daemon

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Running says whether the process a pid file names lives and is one of these programs. A zombie is dead, whatever
// kill(2) says of it, and a number that was given to another program is not ours.
func (h Host) Running(pidFile string, programs ...string) bool {
	pid := ReadPID(pidFile)
	if pid <= 0 {
		return false
	}
	stat, err := os.ReadFile(h.Path(fmt.Sprintf("/proc/%d/stat", pid)))
	if err != nil {
		_, noProc := os.Stat(h.Path("/proc/self/stat"))
		return noProc != nil && answers(pid)
	}
	name, state := parseStat(string(stat))
	return state != 'Z' && state != 'X' && slices.Contains(programs, name)
}

// ReadPID reads a pid file: 0 where there is none.
func ReadPID(path string) int {
	data, err := os.ReadFile(path)
	if err != nil || len(data) > 64 {
		return 0
	}
	pid, _ := strconv.Atoi(strings.TrimSpace(string(data)))
	return pid
}

// Hidden says whether this user may not read a pid file, so that nobody here can tell whether the daemon runs.
func Hidden(pidFile string) bool {
	f, err := os.Open(pidFile)
	if err == nil {
		f.Close()
	}
	return errors.Is(err, fs.ErrPermission)
}

// parseStat takes the program's name and its state out of /proc/PID/stat; a name may hold blanks and brackets.
func parseStat(s string) (name string, state byte) {
	from, to := strings.IndexByte(s, '('), strings.LastIndexByte(s, ')')
	if from < 0 || to < from || to+2 >= len(s) {
		return "", 'X'
	}
	return s[from+1 : to], s[to+2]
}

func answers(pid int) bool {
	p, err := os.FindProcess(pid)
	return err == nil && p.Signal(syscall.Signal(0)) == nil
}

// Process is what tells whether a daemon lives.
type Process struct {
	PidFile  string
	Programs []string
}

// Ended says that the daemon is gone, twice within a moment: a pid file may be written anew meanwhile.
func (h Host) Ended(p Process) bool {
	if h.Running(p.PidFile, p.Programs...) {
		return false
	}
	time.Sleep(WatchPause)
	return !h.Running(p.PidFile, p.Programs...)
}

// WatchPause is how often the watched process is looked for: an outage lasts as long as nobody has noticed it.
const WatchPause = 20 * time.Millisecond
