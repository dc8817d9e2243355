package daemon

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore/printable"
)

// socket is a port that some process listens at.
type socket struct {
	local string // address:port as the kernel writes them, in hex
	fd    string // what a link in /proc/PID/fd leads to
}

// Listening lists the sockets of this machine that listen. A busy one has many connections beside: their table is read
// once, in large pieces.
func (h Host) Listening() (all []socket) {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		f, err := os.Open(h.Path(table))
		if err != nil {
			continue
		}
		for lines := bufio.NewScanner(bufio.NewReaderSize(f, 1<<20)); lines.Scan(); {
			words := strings.Fields(lines.Text())
			if len(words) > 9 && words[3] == "0A" {
				all = append(all, socket{words[1], "socket:[" + words[9] + "]"})
			}
		}
		f.Close()
	}
	return all
}

// ListenerBut names the program that listens at a port, "" where it is this process, nobody, or cannot be told: whose
// a socket is root alone may see.
func (h Host) ListenerBut(all []socket, pid int, l Listener) string {
	var here []string
	for _, s := range all {
		if listensAt(s.local, l) {
			here = append(here, s.fd)
		}
	}
	if len(here) == 0 || pid > 0 && h.holds(pid, here) {
		return ""
	}
	dirs, _ := filepath.Glob(h.Path("/proc/[0-9]*"))
	for _, dir := range dirs {
		n, err := strconv.Atoi(filepath.Base(dir))
		if err != nil || !h.holds(n, here) {
			continue
		}
		stat, _ := os.ReadFile(filepath.Join(dir, "stat"))
		if name, _ := parseStat(string(stat)); name != "" {
			return fmt.Sprintf("%s (pid %d)", printable.Text(name), n)
		}
	}
	return ""
}

// listensAt says whether an address of /proc/net/tcp is one at which a listener's clients arrive. It is written in hex,
// each four bytes as a number of this machine's order, little-endian wherever certdesk runs.
func listensAt(local string, l Listener) bool {
	address, port, _ := strings.Cut(local, ":")
	n, err := strconv.ParseUint(port, 16, 16)
	bytes, err2 := hex.DecodeString(address)
	if err != nil || err2 != nil || int(n) != l.Port || len(bytes)%4 != 0 {
		return false
	}
	for i := 0; i < len(bytes); i += 4 {
		slices.Reverse(bytes[i : i+4])
	}
	have, want := net.IP(bytes), net.ParseIP(l.Host)
	if want.To4() == nil && want != nil && len(have) == net.IPv4len {
		return false
	}
	return want == nil || want.IsUnspecified() || have.IsUnspecified() || have.Equal(want)
}

// holds says whether a process has one of these sockets open.
func (h Host) holds(pid int, sockets []string) bool {
	dir := h.Path(fmt.Sprintf("/proc/%d/fd", pid))
	entries, err := os.ReadDir(dir)
	if err != nil {
		return false
	}
	for _, e := range entries {
		if target, err := os.Readlink(filepath.Join(dir, e.Name())); err == nil && slices.Contains(sockets, target) {
			return true
		}
	}
	return false
}
