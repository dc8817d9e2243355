//go:build !unix

package console

// hush leaves it to term.ReadPassword, which turns the echo off while it reads.
func hush(int) error { return nil }
