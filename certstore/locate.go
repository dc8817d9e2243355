package certstore

import (
	"os"
	"strings"
)

// Locate is where the store lies when nobody says: DefaultDir wherever that exists and for root, otherwise
// certdesk below $XDG_DATA_HOME (~/.local/share).
func Locate() string {
	if _, err := os.Lstat(DefaultDir); err == nil || os.Geteuid() == 0 {
		return DefaultDir
	}
	if data := os.Getenv("XDG_DATA_HOME"); strings.HasPrefix(data, "/") {
		return data + "/certdesk"
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return DefaultDir
	}
	return home + "/.local/share/certdesk"
}

// DefaultDir is the store of a server.
const DefaultDir = "/var/lib/certdesk"
