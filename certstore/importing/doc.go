// Package importing decides what files hold and what becomes of it, before anything of them is stored: Read decodes
// each source once, Sort puts keys, certificates and chains together by public key and name, Held.Match finds the leaf
// of a group, and Held.Decide says whether it completes a request, is new, is here already, or is refused, and why.
//
// It is pure: it writes nothing, and what is in the store it is given as Held. What it costs grows with what is read,
// not with its square: all is found by maps.
package importing
