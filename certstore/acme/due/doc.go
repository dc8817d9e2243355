// Package due says when a certificate of an ACME authority is to be renewed, and when the authority may be asked: by
// the window that it suggests (RFC 9773), by the certificate's age, after failures, and within the authority's limits.
//
// It is pure: the journal's facts, a clock and a source of randomness are given. Its promise: a certificate that is in
// use never goes without a moment, whatever an authority says or does not say; and no series of failures, runs or jumps
// of the clock asks an authority more often than Retry and Held allow.
package due
