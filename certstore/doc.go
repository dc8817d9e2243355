// Package certstore is certdesk's model: a store of certificates, pending requests and their private keys, and
// the verbs a person has for them.
//
// # What it promises
//
// A private key is durable, re-read from the disk and test-signed before the request made with it exists
// anywhere else. A key is never deleted by import, renewal, removal or clean-up, only by Purge, and only when no
// entry, live or removed, refers to it.
//
// A refused verb (a fail code that exits 2, 3 or 4) leaves every byte of the store as it was. A failed one
// leaves every committed entry as it was; it may leave an object that no entry refers to, which Doctor lists and
// nothing deletes.
//
// The table is read from the journal alone; Show and Doctor look at the bytes again. All text in an Entry has
// gone through printable. No error and no journal line holds a password or bytes of a key.
//
// A Store may be used by several goroutines and several processes at once.
package certstore
