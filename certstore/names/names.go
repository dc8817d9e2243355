// Package names knows the two kinds of name a certificate bears: the subject, a distinguished name, and the
// subject alternative names, what clients compare with the host they asked for.
//
// Its promise: a Name that Normalize gave is always written the same way, so equal names are equal values; a
// Subject that ParseSubject gave encodes within X.520's limits; and the text of any distinguished name that a
// certificate holds can be shown on a terminal.
package names

// Kind is the kind of a subject alternative name.
type Kind string

// The kinds of name a request may hold.
const (
	DNS   Kind = "dns"
	IP    Kind = "ip"
	Email Kind = "email"
)

// Name is one normalised subject alternative name: lower-case A-labels for DNS.
type Name struct {
	Kind  Kind
	Value string
}

// Attribute is one type and value of a distinguished name, such as CN and mail.example.org.
type Attribute struct{ Type, Value string }

// Subject is a distinguished name, one attribute an RDN, in encoding order: C, ST, L, O, OU, CN.
type Subject []Attribute
