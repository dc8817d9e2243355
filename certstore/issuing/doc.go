// Package issuing makes what is new: keys from crypto/rand, requests for a CA, and certificates that sign themselves,
// in the shape that Exchange's have. Each is read back before it is given away.
//
// It keeps nothing: that a key is durable before its request leaves is the store's promise.
package issuing
