// Package health examines a store: every line of the journal, every object's bytes, mode and owner, every chain, and
// what dead writers left. It only looks: repairing is the store's.
package health
