// Package probe asks a port what it really serves: one TLS handshake, from the first byte or after STARTTLS.
//
// Its promises. It says what was sent, and judges it itself: nothing is refused unseen because it is expired, unknown
// or for another name. Every question ends within its deadline, whatever the other side does, and with a named
// Result. It reads a bounded number of bytes, and takes nothing between the answer to STARTTLS and the handshake. It
// keeps no session, so the certificate is the one a new client gets. It says goodbye, so that no daemon logs a lost
// connection, and it sends neither a password nor mail. What the other side said is printable before it is handed on.
//
// It knows nothing of daemons, their configuration or the store.
package probe
