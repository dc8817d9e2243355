// Package ordering has an ACME authority answer a request: the account, the order, the proofs of its names, the
// certificate and its way into the store; and revoking it, and another key for the account.
//
// The request is a pending entry of the store, with its key, before anything is ordered, and each step is a line of the
// journal: whoever goes on with an order that a process left finds it by its address, on the same key, and orders
// again only where nothing comes of the first. What was put out to prove a name is taken back by the journal's word.
package ordering
