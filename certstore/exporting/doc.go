// Package exporting says in which form an entry leaves the store: what the ending of a file and a person's wish ask
// for, and whether this entry may leave so. It is pure; the store reads the objects and writes the file.
//
// Its promise: each reader it names, from Windows to Postfix, opens what is made for it.
package exporting
