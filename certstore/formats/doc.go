// Package formats reads and writes every certificate file format certdesk knows, under limits.
//
// Its promises: what a file is, is told from its bytes and never from its name; nothing is read beyond MaxFile;
// no key is derived from a password before every count that can be seen has been checked; a wrong password, a
// cipher nobody here knows, a damaged file and a file beyond the limits are four different answers; no error
// holds a password or bytes of a key. It knows nothing of the store.
package formats
