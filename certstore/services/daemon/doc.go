// Package daemon has what every daemon of a mail host shares: the instance of it, the host it runs on, its sites (one
// slot each), what was read of its configuration, and what a driver wants changed. It runs the daemon's own commands
// and looks at its process, its sockets and its log.
//
// It changes no file of a daemon. A program is never looked for in PATH, runs in a session of its own with a deadline,
// and what it says is shown without keys.
package daemon
