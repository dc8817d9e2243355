// Package objects reads and keeps what lies in the files of a store: certificates, requests and private keys, each
// under a name that its bytes must bear out. A key that was kept is re-read from the disk and test-signed.
//
// It knows no journal: which entry needs an object, and whether it may go, is the store's to say.
package objects
