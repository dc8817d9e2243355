// Package drivers has one small driver for each of Postfix, Dovecot 2.3, nginx and Apache, and the command driver for
// any other daemon. A driver reads what is effective and edits the texts; it writes no file of a daemon
// and reloads nothing.
//
// An edit changes the sites it is given and no other; every byte that is not about the certificate stays. What cannot
// be followed is left alone and named.
package drivers

import "certdesk/certstore/services/daemon"

// ByName are all drivers, by what an instance calls its own.
var ByName = map[string]daemon.Driver{"postfix": postfix{}, "dovecot": dovecot{}, "nginx": nginx{}, "apache": apache{},
	"command": command{}}
