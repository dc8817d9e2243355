package drivers

import (
	"net"
	"os"
	"strings"
)

// nginxNames are what server_name says.
type nginxNames struct {
	whole   []string // lower case
	short   []string // of one label, which hardly any certificate has
	pattern bool
}

func namesOf(block *nginxNode) nginxNames {
	var n nginxNames
	seen := map[string]bool{}
	for _, d := range block.named("server_name") {
		for _, name := range d.args {
			name = strings.ToLower(name)
			if !seen[name] {
				seen[name] = true
				n.add(name)
			}
		}
	}
	return n
}

func (n *nginxNames) add(name string) {
	if name == "$hostname" {
		name, _ = os.Hostname()
	}
	switch {
	case strings.HasPrefix(name, "~"), strings.HasSuffix(name, ".*"):
		n.pattern = true
	case isHostName(name) && strings.HasPrefix(name, "."):
		n.whole = append(n.whole, name[1:], "*"+name)
	case isHostName(name):
		n.whole = append(n.whole, name)
	case name != "" && name != "_" && net.ParseIP(name) == nil && !strings.Contains(name, "*"):
		n.short = append(n.short, name)
	}
}

// isHostName leaves out what is no name of a certificate: "_", "", addresses, regular expressions.
func isHostName(name string) bool {
	pattern := strings.HasPrefix(name, "~") || strings.HasSuffix(name, ".*")
	return !pattern && net.ParseIP(name) == nil && strings.Contains(name, ".")
}
