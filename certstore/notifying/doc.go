// Package notifying says what people are told of, who, and when: what stands against certificates and ports, what of it
// each receiver has been told already, and the text of the one message that he gets. It is pure.
//
// Its promise: a run gives a receiver one message at most, however much has happened; what was told is told again when
// it gets worse, and while clients are hurt once a week; what comes and goes is told once a day at most; what nobody
// could look at is neither news nor over.
package notifying
