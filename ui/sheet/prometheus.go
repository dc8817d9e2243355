package sheet

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/acme/due"
	"certdesk/certstore/enabling"
	"certdesk/certstore/printable"
	"certdesk/certstore/renewing"
	"certdesk/certstore/trust"
)

// metric is one metric, and the samples that rows make of it. All are gauges, and of times the moment is given and not
// what is left until then: it stays the same between two looks, and an alert that reckons with it never lags.
type metric struct {
	name, help string
	samples    func(Rows, sampler)
}

// sampler takes one sample: its value, and its labels as pairs of name and value.
type sampler func(value int64, labels ...string)

var metrics = []metric{
	{"certdesk_certificate_not_after_timestamp_seconds", "When a certificate ends; it is told after that too.", notAfter},
	{"certdesk_certificate_not_before_timestamp_seconds", "When a certificate begins to be valid.", notBefore},
	{"certdesk_certificate_status", "1 for the status that an entry has, 0 for each other one.", statuses},
	{"certdesk_certificate_renewal_timestamp_seconds", "When a certificate that renews itself is due.", renewalsDue},
	{"certdesk_certificate_renewal_failures", "How often its renewal failed since it last went well.", renewalFailures},
	{"certdesk_port_matches", "1 where clients are served what they should be, 0 where not.", portsMatch},
	{"certdesk_port_last_probe_timestamp_seconds", "When a port was last asked what it serves.", portsAsked},
	{"certdesk_finding", "How many entries something is remarked on, by its code.", findings},
	{"certdesk_last_run_timestamp_seconds", "When these figures were made.",
		func(r Rows, add sampler) { add(r.Now.Unix()) }},
	{"certdesk_store_read_errors", "How much is wrong with the store itself: `certdesk doctor` says what.",
		func(r Rows, add sampler) { add(int64(r.Beside.Troubles)) }},
	{"certdesk_build_info", "1, with the version of certdesk.",
		func(r Rows, add sampler) { add(1, "version", r.Beside.Version) }},
}

// Prometheus is rows in the text format that Prometheus scrapes, version 0.0.4, for the textfile collector of
// node_exporter.
func Prometheus(r Rows) []byte {
	var out strings.Builder
	for _, m := range metrics {
		fmt.Fprintf(&out, "# HELP %s %s\n# TYPE %s gauge\n", m.name, m.help, m.name)
		m.samples(r, func(value int64, labels ...string) {
			out.WriteString(m.name)
			writeLabels(&out, labels)
			out.WriteString(" " + strconv.FormatInt(value, 10) + "\n")
		})
	}
	return []byte(out.String())
}

func writeLabels(out *strings.Builder, labels []string) {
	for i := 0; i < len(labels); i += 2 {
		if i == 0 {
			out.WriteByte('{')
		} else {
			out.WriteByte(',')
		}
		out.WriteString(labels[i] + `="` + labelText.Replace(printable.Text(labels[i+1])) + `"`)
	}
	if len(labels) > 0 {
		out.WriteByte('}')
	}
}

// labelText escapes what the format gives a meaning to.
var labelText = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// ofCertificate are the labels of what is told of a certificate. One whose place another has taken is marked, so that
// the two never alert both.
func ofCertificate(e *certstore.Entry) []string {
	labels := append(ofEntry(e), "thumbprint", e.Thumbprint, "subject", e.Subject, "issuer", e.Issuer)
	if replaced(e) {
		labels = append(labels, "superseded", "1")
	}
	return labels
}

func ofEntry(e *certstore.Entry) []string {
	return []string{"id", strconv.FormatInt(e.ID, 10), "name", e.FriendlyName}
}

// replaced says whether another certificate has taken the place of one.
func replaced(e *certstore.Entry) bool {
	return e.Settled() || e.Renewed && e.Services == 0 && !e.Served
}

func eachCertificate(r Rows, do func(*certstore.Entry)) {
	for i := range r.Entries {
		if e := &r.Entries[i]; e.ID != 0 && e.Kind == certstore.Certificate {
			do(e)
		}
	}
}

func notAfter(r Rows, add sampler) {
	eachCertificate(r, func(e *certstore.Entry) { add(e.NotAfter.Unix(), ofCertificate(e)...) })
}

func notBefore(r Rows, add sampler) {
	eachCertificate(r, func(e *certstore.Entry) { add(e.NotBefore.Unix(), ofCertificate(e)...) })
}

// told are the statuses that an entry may have; each has a series, so that an alert names one.
var told = []trust.Status{trust.NotServed, trust.PendingRequest, trust.Invalid, trust.Revoked, trust.DateInvalid,
	trust.Untrusted, trust.RevocationCheckFailure, trust.Expiring, trust.Valid, trust.Unknown}

func statuses(r Rows, add sampler) {
	for i := range r.Entries {
		e := &r.Entries[i]
		if e.ID == 0 {
			continue
		}
		for _, s := range told {
			add(number(e.Verdict.Status == s), append(ofEntry(e), "status", string(s))...)
		}
	}
}

func number(is bool) int64 {
	if is {
		return 1
	}
	return 0
}

// renewsItself says whether an ACME authority gave a certificate, and gives it again.
func renewsItself(e *certstore.Entry) bool {
	return e.Kind == certstore.Certificate && e.Automatic != nil && e.Automatic.Order.CA != "" && !replaced(e)
}

func renewalsDue(r Rows, add sampler) {
	eachCertificate(r, func(e *certstore.Entry) {
		if renewsItself(e) {
			add(due.Renewal(e, r.Now).At.Unix(), ofEntry(e)...)
		}
	})
}

// renewalFailures tells of what renews itself, and of what is ordered for the first time.
func renewalFailures(r Rows, add sampler) {
	failed, ordered := map[int64]int{}, map[int64]bool{}
	for _, t := range r.Beside.Renewals {
		if t.Deed != renewing.Prepare {
			failed[t.Old.ID] += len(t.Failures)
			ordered[t.Old.ID] = true
		}
	}
	for i := range r.Entries {
		if e := &r.Entries[i]; ordered[e.ID] || renewsItself(e) {
			add(int64(failed[e.ID]), ofEntry(e)...)
		}
	}
}

// handshakes are the ports, once for each set of labels: one that is not right counts for all of its set.
func handshakes(r Rows) (ports []enabling.Port) {
	seen := map[string]int{}
	for _, p := range r.Beside.Survey.Ports {
		key := strings.Join(ofPort(p), "\x00")
		at, twice := seen[key]
		switch {
		case !twice:
			seen[key] = len(ports)
			ports = append(ports, p)
		case !p.Right():
			ports[at] = p
		}
	}
	return ports
}

func ofPort(p enabling.Port) []string {
	labels := []string{"listen", p.Listen, "service", strings.ToUpper(p.Service.Use)}
	if p.Name != "" {
		labels = append(labels, "name", p.Name)
	}
	return labels
}

func portsMatch(r Rows, add sampler) {
	for _, p := range handshakes(r) {
		add(number(p.Right()), ofPort(p)...)
	}
}

func portsAsked(r Rows, add sampler) {
	for _, p := range handshakes(r) {
		add(r.Beside.Survey.At.Unix(), ofPort(p)...)
	}
}

// findings counts what is remarked on entries that nobody has replaced.
func findings(r Rows, add sampler) {
	type of struct{ code, severity string }
	count := map[of]int64{}
	for i := range r.Entries {
		e := &r.Entries[i]
		for _, f := range e.Verdict.Findings {
			if !replaced(e) {
				count[of{f.Code, string(f.Severity)}]++
			}
		}
	}
	for _, f := range slices.SortedFunc(maps.Keys(count), func(a, b of) int {
		return cmp.Or(strings.Compare(a.code, b.code), strings.Compare(a.severity, b.severity))
	}) {
		add(count[f], "code", f.code, "severity", f.severity)
	}
}
