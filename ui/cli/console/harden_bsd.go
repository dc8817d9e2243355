//go:build unix && !linux

package console

func undumpable() {}
