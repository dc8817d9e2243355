//go:build !linux

package services

func keepAttributes(from, to string) error { return nil }
