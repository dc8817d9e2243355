//go:build !unix

package config

import "errors"

// mayAdd refuses: nothing is written on a system that this was not tested on.
func mayAdd(string) error { return errors.ErrUnsupported }
