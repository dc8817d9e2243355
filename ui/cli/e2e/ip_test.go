//go:build linux

package e2e

import "net/netip"

// ipText writes an address as Go does; openssl writes 2001:DB8:0:0:0:0:0:1.
func ipText(text string) string {
	addr, err := netip.ParseAddr(text)
	if err != nil {
		return text
	}
	return addr.String()
}
