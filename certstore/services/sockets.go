package services

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

// listenerBut names the program that listens at a port, "" where it is this process, nobody, or cannot be told: whose
// a socket is root alone may see.
func (h Host) listenerBut(pid int, l Listener) string {
	sockets := h.listening(l)
	if len(sockets) == 0 || pid > 0 && h.holds(pid, sockets) {
		return ""
	}
	dirs, _ := filepath.Glob(h.path("/proc/[0-9]*"))
	for _, dir := range dirs {
		n, err := strconv.Atoi(filepath.Base(dir))
		if err != nil || !h.holds(n, sockets) {
			continue
		}
		stat, _ := os.ReadFile(filepath.Join(dir, "stat"))
		if name, _ := parseStat(string(stat)); name != "" {
			return fmt.Sprintf("%s (pid %d)", printable.Text(name), n)
		}
	}
	return ""
}

// listening gives the sockets that listen at a port, as /proc/PID/fd names them.
func (h Host) listening(l Listener) (sockets []string) {
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		f, err := os.Open(h.path(table))
		if err != nil {
			continue
		}
		for lines := bufio.NewScanner(f); lines.Scan(); {
			words := strings.Fields(lines.Text())
			if len(words) > 9 && words[3] == "0A" && listensAt(words[1], l) {
				sockets = append(sockets, "socket:["+words[9]+"]")
			}
		}
		f.Close()
	}
	return sockets
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
	dir := h.path(fmt.Sprintf("/proc/%d/fd", pid))
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
