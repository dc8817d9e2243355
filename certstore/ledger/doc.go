// Package ledger is what the journal says: records and their data, and the fold from lines to entries, bindings,
// unfinished work and events. It is pure: it reads no file, asks no clock and parses no certificate, so the same lines
// give the same state anywhere.
//
// A line that makes no sense is a sentence in State.Problems that names it, and never a reason to forget the others or
// to stop. All text of a line goes through printable, whoever wrote it.
package ledger
