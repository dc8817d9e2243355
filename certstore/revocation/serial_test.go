package revocation

import (
	"math/big"
	"testing"
)

// PKITS 4.4.14 and 4.4.15: -1 is revoked, and 255, whose bytes are the same but for a zero, is not.
func TestASerialNumberHasItsSign(t *testing.T) {
	for _, c := range []struct {
		listed string
		serial int64
		same   bool
	}{
		{"\xff", -1, true}, {"\xff", 255, false}, {"\x00\xff", 255, true}, {"\x00\xff", -1, false}, {"\x00\x00\x05", 5, true},
		{"\x05", 5, true}, {"\x05", -5, false}, {"\xfb", -5, true}, {"\x80\x00", -32768, true}, {"\x00", 0, true}, {"", 0, true},
	} {
		if isSerial([]byte(c.listed), big.NewInt(c.serial), big.NewInt(c.serial).Bytes()) != c.same {
			t.Errorf("%x and %d: want %v", c.listed, c.serial, c.same)
		}
	}
}
