package table_test

import (
	"testing"

	"certdesk/certstore/trust"
	"certdesk/ui/uitest"
)

// A name is read as people write it and found in both of its forms; one that could be taken for another stays as it is.
func TestNamesAreReadAsPeopleWriteThem(t *testing.T) {
	umlaut := uitest.Certificate(1, "xn--mnchen-3ya.example", "valid", trust.Valid, 80, 398, "xn--mnchen-3ya.example",
		"mail.example.org", "www.xn--mnchen-3ya.example")
	umlaut.Subject = "CN=xn--mnchen-3ya.example"
	fooling := uitest.Certificate(2, "bought", "valid", trust.Valid, 90, 398, "xn--80ak6aa92e.com")
	r := uitest.Drive(t, uitest.Hub(), 160, 45, umlaut, fooling)
	r.Sees("münchen.example +2", "xn--80ak6aa92e.com", "www.münchen.example", "(xn--mnchen-3ya.")
	for _, typed := range []string{"/www.münch", "/www.xn--mnch", "/covers:www.münchen.example"} {
		r.Typing(typed)
		r.Keys("enter")
		r.Sees("1 of 2", "www.münchen.e")
		r.Keys("esc")
	}
}
