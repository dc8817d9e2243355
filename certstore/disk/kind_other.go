//go:build !linux

package disk

func fileSystem(string) string { return "" }
