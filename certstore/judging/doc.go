// Package judging says what a certificate is: the entry that it makes, the chain that others make for it, where that
// chain ends and what is missing there, whether clients accept it here and now, what takes its place, and what its CA
// gave otherwise than was asked for.
//
// It opens no file, asks no clock and changes nothing: a Judge is given what the store knows, and how to read one of
// the store's certificates.
package judging
