// Package daemontest runs real daemons for tests: private instances on loopback, on free ports, below a temporary
// directory, ended by their own commands. It also makes the certificates they serve. Tests alone import it.
//
// A daemon that is not installed is a loud skip, and a failure where CI is set.
package daemontest
