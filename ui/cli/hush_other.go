//go:build !unix

package cli

// hush leaves it to term.ReadPassword, which turns the echo off while it reads.
func hush(int) error { return nil }
