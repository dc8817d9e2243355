package fetching

import (
	"net/netip"
	"testing"
)

func TestIsPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"1.1.1.1": true, "93.184.215.14": true, "2606:4700::1111": true, "2a00:1450:4001::1": true,
		"127.0.0.1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false,
		"100.64.0.1": false,
		"0.0.0.0":    false, "255.255.255.255": false, "224.0.0.1": false, "240.0.0.1": false, "198.18.0.1": false,
		"192.0.2.1": false,
		"::1":       false, "::": false, "fe80::1": false, "fc00::1": false, "fd12::1": false, "ff02::1": false,
		"2001:db8::1":     false,
		"::ffff:10.0.0.1": false, "::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false,
		"2001::1": false, "fec0::1": false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: public %t", address, got)
		}
	}
	for _, bad := range []string{"", "name:80", "127.0.0.1:80", "[fe80::1%lo]:80"} {
		if (Web{}).mayDial("tcp", bad, nil) == nil {
			t.Errorf("%q may be dialled", bad)
		}
	}
	house := Web{Allow: prefixes("10.0.0.0/8", "fd00::/8")}
	for address, want := range map[string]bool{"10.1.2.3:80": true, "[::ffff:10.1.2.3]:80": true, "[fd12::1]:80": true,
		"192.168.1.1:80": false, "127.0.0.1:80": false, "[fc00::1]:80": false, "1.1.1.1:80": true} {
		if got := house.mayDial("tcp", address, nil) == nil; got != want {
			t.Errorf("%s: dialled %t", address, got)
		}
	}
}
