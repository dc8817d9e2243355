//go:build !linux

package guard

func hasACL(string) bool { return false }
