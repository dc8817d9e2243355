package wizard

import (
	"reflect"
	"testing"
)

func TestTheNextFormOfASittingBeginsWithWhatIsTheSame(t *testing.T) {
	a := secureClient
	a.Worksheet, a.Order, a.Off, a.CommonName = sheet("POP inside", "x.org"), []string{"x.org"}, []string{"x.org"}, "x.org"
	a.Path, a.Binary, a.Overwrite, a.Algorithm, a.RenewalOf, a.ReuseKey = "/root/secure_client.req", true, true, ECDSAP256, 7, true
	want := Answers{
		Organization: "Sunshine, Inc.", City: "Brussels", State: "Brabant", Country: "be",
		Algorithm: ECDSAP256, Exportable: true, Path: "/root/", Binary: true,
	}
	if got := Carry(a); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if got := Carried(a); got != "Sunshine, Inc., Brussels, Brabant, BE; ECDSA P-256, exportable; files in /root/" {
		t.Error(got)
	}
	if got := Carried(Answers{SelfSigned: true, Path: "/left/over.req"}); got != "RSA 2048 bits" {
		t.Error(got)
	}
	whole := Carry(Answers{SubjectDN: "C=BE,OU=one,OU=two,CN=a.org", Path: "a.req"})
	if whole.SubjectDN != "OU=two,OU=one,C=BE" || whole.Path != "./" {
		t.Errorf("%+v", whole)
	}
}

func TestADirectoryGetsAFileOfTheCertificatesName(t *testing.T) {
	for _, c := range []struct{ path, friendly, typed, want string }{
		{"/root/", "secure_smtp", "a.org", "/root/secure_smtp.req"},
		{"./", "", "*.a.org", "./wildcard.a.org.req"},
		{"/root/", "a b/../c$", "a.org", "/root/a_b_.._c_.req"},
		{"/root/x.req", "secure_smtp", "a.org", "/root/x.req"},
		{"/root/", "", "a_b", "/root/"},
		{"", "secure_smtp", "a.org", ""},
	} {
		if got := FilePath(Answers{Path: c.path, FriendlyName: c.friendly, Typed: c.typed}, article); got != c.want {
			t.Errorf("%+v: %s", c, got)
		}
	}
}
