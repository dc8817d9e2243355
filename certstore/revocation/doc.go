// Package revocation asks a CA whether it has taken certificates back: by the list that a certificate names, else by
// the OCSP responder that it names; and it reads the answers that ports staple to their handshakes.
//
// What does not count is no answer, whatever it says: what was not signed for this by the CA, is out of date, is about
// other certificates, or cannot be read whole. Then the last answer that counts is kept, and why there is none newer.
// Only what fetching.Web may reach is asked, each answer bounded in size and time, two hosts at a time, and one list is
// read at a time. Nothing here touches a disk but through a Cache.
package revocation
