package judging

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// Remark gives an entry the findings on its certificate's bytes, on what its request asked for and the CA did not
// give, and on what the certificate that it renews had.
func (j Judge) Remark(e *ledger.Entry, leaf *x509.Certificate) {
	e.Remarks = trust.Remarks(leaf)
	if asked := j.Request(*e); asked != nil {
		e.Remarks = append(e.Remarks, lacking(leaf, asked)...)
	}
	if old := j.State.ByID[e.RenewalOf]; old != nil && old.Kind == ledger.Certificate {
		e.Remarks = append(e.Remarks, shorterThan(&old.Entry, leaf)...)
	}
}

// lacking compares what a CA issued with what it was asked for.
func lacking(leaf *x509.Certificate, asked *x509.CertificateRequest) []trust.Finding {
	wanted, given := namesAsked(asked), formats.AlternativeNames(leaf.Extensions)
	dropped := slices.DeleteFunc(slices.Clone(wanted), func(n string) bool { return covers(leaf, given, n) })
	added := slices.DeleteFunc(slices.Clone(given), func(n string) bool { return containsFold(wanted, n) })
	lost, harmless := usesDropped(leaf, asked)
	return slices.Concat(
		findingOn("names-dropped", trust.Warning, "the CA left out names that were requested: %s", dropped),
		findingOn("names-added", trust.Info, "the CA added names that were not requested: %s", added),
		findingOn("usage-dropped", trust.Warning, "the CA left out a usage that was requested: %s", lost),
		findingOn("usage-dropped", trust.Info,
			"the CA left out a usage that was requested, but that only old clients need: %s", harmless))
}

// findingOn is a finding on a list, none if that is empty.
func findingOn(code string, severity trust.Severity, format string, list []string) []trust.Finding {
	if len(list) == 0 {
		return nil
	}
	found := trust.Finding{Code: code, Severity: severity, Text: fmt.Sprintf(format, SomeOf(list))}
	return []trust.Finding{found}
}

// maxListed is how many names one finding lists.
const maxListed = 8

// SomeOf lists names, but not too many.
func SomeOf(list []string) string {
	if n := len(list) - maxListed; n > 1 {
		list = append(slices.Clone(list[:maxListed]), fmt.Sprintf("and %d more", n))
	}
	return strings.Join(list, ", ")
}

// namesAsked are a request's names; its common name counts where it has no others and this could be one.
func namesAsked(asked *x509.CertificateRequest) []string {
	list := formats.AlternativeNames(asked.Extensions)
	if n, err := names.Normalize(names.CommonName(asked.RawSubject)); len(list) == 0 && err == nil {
		list = []string{n.Value}
	}
	return list
}

// covers says whether a certificate has a name, in as many words or by a wildcard.
func covers(leaf *x509.Certificate, given []string, name string) bool {
	return containsFold(given, name) || !strings.Contains(name, "@") && leaf.VerifyHostname(name) == nil
}

func containsFold(list []string, name string) bool {
	return slices.ContainsFunc(list, func(have string) bool { return strings.EqualFold(have, name) })
}

// usesDropped are the usages that were asked for and not given; harmless is key encipherment, which only a handshake
// without forward secrecy needs. A certificate that names no usage allows each.
func usesDropped(leaf *x509.Certificate, asked *x509.CertificateRequest) (lost, harmless []string) {
	want := formats.UsesAsked(asked)
	if leaf.KeyUsage != 0 && want.Key&^leaf.KeyUsage&x509.KeyUsageDigitalSignature != 0 {
		lost = append(lost, "digital signature")
	}
	if leaf.KeyUsage != 0 && want.Key&^leaf.KeyUsage&x509.KeyUsageKeyEncipherment != 0 {
		harmless = append(harmless, "key encipherment")
	}
	for _, use := range want.Extended {
		if !allows(leaf, use) {
			lost = append(lost, useNames[use])
		}
	}
	return lost, harmless
}

// useNames are the extended usages that are compared.
var useNames = map[x509.ExtKeyUsage]string{x509.ExtKeyUsageServerAuth: "server authentication",
	x509.ExtKeyUsageClientAuth: "client authentication"}

func allows(leaf *x509.Certificate, use x509.ExtKeyUsage) bool {
	if len(leaf.ExtKeyUsage)+len(leaf.UnknownExtKeyUsage) == 0 {
		return true
	}
	return slices.Contains(leaf.ExtKeyUsage, use) || slices.Contains(leaf.ExtKeyUsage, x509.ExtKeyUsageAny)
}

// shorterThan compares the life of a renewal with that of the certificate it renews: who renews once a year may not
// expect to do so every month. A tenth less is no matter.
func shorterThan(old *ledger.Entry, leaf *x509.Certificate) []trust.Finding {
	had, has := old.NotAfter.Sub(old.NotBefore), leaf.NotAfter.Sub(leaf.NotBefore)
	if has >= had-had/10 {
		return nil
	}
	days := func(d time.Duration) string { return printable.Count(int(d.Hours()+12)/24, "day") }
	text := fmt.Sprintf("it is valid for %s, the certificate that it renews was for %s: it must be renewed sooner",
		days(has), days(had))
	return []trust.Finding{{Code: "shorter-than-asked", Severity: trust.Warning, Text: text}}
}
