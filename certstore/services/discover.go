package services

import (
	"context"
	"fmt"
	"os"

	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// defaults are the daemons that are looked for, each in its uses.
var defaults = []daemon.Instance{
	{Use: "SMTP", Driver: "postfix"}, {Use: "IMAP", Driver: "dovecot"}, {Use: "POP", Driver: "dovecot"},
	{Use: "IIS", Driver: "nginx"}, {Use: "IIS", Driver: "apache"},
}

// Discover lists the daemons that are here with their default configuration and have a port with TLS, and says of
// those that are here and cannot be understood why.
func Discover(ctx context.Context, h daemon.Host) (found []daemon.Instance, troubles []error) {
	for _, in := range defaults {
		s, err := New(h, in)
		if err != nil {
			continue
		}
		if _, err := os.Stat(s.in.Config); err != nil {
			continue
		}
		state, err := s.Look(ctx)
		switch {
		case fail.Is(err, fail.NotFound): // its configuration outlived it
		case err != nil:
			troubles = append(troubles, fmt.Errorf("%s for %s: %w", in.Driver, in.Use, err))
		case len(state.Sites) > 0:
			found = append(found, s.in)
		}
	}
	return found, troubles
}
