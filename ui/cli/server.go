package cli

import (
	"bufio"
	"io"
	"os"
	"strings"
)

// hostName is this host's full name as the system's files give it. DNS is not asked: certdesk must open at once
// while the network is down, and `server` in the configuration says the name where the files do not.
func hostName() string {
	name, err := os.Hostname()
	if err != nil || name == "" {
		return "localhost"
	}
	if strings.Contains(name, ".") {
		return name
	}
	hosts, err := os.Open("/etc/hosts")
	if err != nil {
		return name
	}
	defer hosts.Close()
	return fullName(name, hosts)
}

// fullName looks in a hosts file for the first name with a dot that shares a line with name, as `hostname -f` does.
func fullName(name string, hosts io.Reader) string {
	lines := bufio.NewScanner(hosts)
	for lines.Scan() {
		text, _, _ := strings.Cut(lines.Text(), "#")
		words := strings.Fields(text)
		if len(words) < 2 || !containsFold(words[1:], name) {
			continue
		}
		for _, w := range words[1:] {
			if strings.Contains(w, ".") && !strings.HasPrefix(strings.ToLower(w), "localhost") {
				return w
			}
		}
	}
	return name
}

func containsFold(words []string, word string) bool {
	for _, w := range words {
		if strings.EqualFold(w, word) {
			return true
		}
	}
	return false
}
