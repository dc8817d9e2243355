// Package monitoring says what an alarm should be told of a store: which certificates want somebody, how soon, and at
// which ports clients do not get what they should. It is pure, and takes the verdicts that the table shows: nothing is
// judged here that the desk would judge otherwise.
//
// Its promise: what could not be found out is Unknown, never OK, and so is a question about nothing at all.
package monitoring
