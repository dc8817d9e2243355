package request

import (
	"strconv"
	"strings"

	"certdesk/ui/kit/form"
	"certdesk/wizard"
)

// keyPage asks what key to make, and whether it may leave.
func keyPage(s *wizardScreen) *wizardPage {
	a := s.draft.answers
	reuse := form.NewChoice("ReuseKey", "Key", strconv.FormatBool(a.ReuseKey),
		form.Option{Value: "false", Text: "A new key", Note: "safe even if the old one leaks"},
		form.Option{Value: "true", Text: "The same key", Note: "for TLSA records, or devices that pin it",
			Hint: "What pins the key goes on working. Whoever has the old key has this one."}).
		With("A renewal can keep the key of the certificate it renews.", nil)
	size := form.NewChoice("Algorithm", "New key", keyValue(a), keyOptions()...).
		With("RSA 2048 is what every server, phone and CA takes.", nil)
	export := form.NewSwitch("Exportable", "Exportable", "may be exported", "otherwise certdesk does not export it",
		a.Exportable).
		With("Turn it on if another server needs this key, or if you want a PFX. It cannot be turned on later.", nil)
	return &wizardPage{
		question: "What key?",
		form: form.New(reuse, size, export).Hide(func(id string) bool {
			return (id == "ReuseKey") && a.RenewalOf == 0 || id != "ReuseKey" && reuse.Value() == "true"
		}),
		about: func(f wizard.Finding) string { return strings.Replace(f.Field, "Bits", "Algorithm", 1) },
		save: func(a *wizard.Answers) {
			a.ReuseKey = reuse.Value() == "true"
			a.Algorithm, a.Bits = parseKeyValue(size.Value(), a.Bits)
			a.Exportable = export.On()
		},
	}
}

func keyOptions() []form.Option {
	return []form.Option{
		{Value: "rsa-2048", Text: "RSA 2048", Note: "recommended"},
		{Value: "rsa-3072", Text: "RSA 3072", Note: "stronger, a little slower",
			Hint: "Every current server and client takes it."},
		{Value: "rsa-4096", Text: "RSA 4096", Note: "strongest RSA, slow handshakes",
			Hint: "Each connection costs the server several times the work of RSA 2048."},
		{Value: wizard.ECDSAP256, Text: "ECDSA P-256", Note: "fast; old mail servers may not know it",
			Hint: "Exchange 2007 to 2016 and other old servers cannot use it."},
		{Value: wizard.ECDSAP384, Text: "ECDSA P-384", Note: "as P-256, stronger",
			Hint: "Exchange 2007 to 2016 and other old servers cannot use it."},
		{Value: "rsa-1024", Text: "RSA 1024", Note: "public CAs refuse it",
			Hint: "Only for a device that knows nothing better, and a CA of your own."},
	}
}

// keyValue is the option for the answers.
func keyValue(a wizard.Answers) string {
	if k := a.Key(); k.Algorithm != wizard.RSA {
		return k.Algorithm
	}
	return "rsa-" + strconv.Itoa(a.Key().Bits)
}

// parseKeyValue is the reverse; bits stay as they were where they do not count.
func parseKeyValue(value string, bits int) (string, int) {
	if size, ok := strings.CutPrefix(value, "rsa-"); ok {
		n, _ := strconv.Atoi(size)
		return wizard.RSA, n
	}
	return value, bits
}
