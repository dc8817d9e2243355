// Package answering answers a caller's question: is it the certificate? A host, a name, a mail address or the words of
// a client's dialog go in; which certificate covers it, what is served where, what clients mind and why come out.
//
// It only reads: all it is given of a store is how ports are asked. It goes where the question leads and nowhere else:
// what others name, in a redirect, an SRV record or an MX, is asked in the question's own domain or at a public
// address. No step takes longer than ten seconds.
package answering
