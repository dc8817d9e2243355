// Package daemontest starts real mail daemons for tests: private instances on loopback, unprivileged ports, in a
// folder of the test, ended by their process id when the test ends. It also makes the certificates they serve.
//
// Where a daemon is not installed, or may not be started, the test is skipped aloud; in CI it fails.
package daemontest
