package certstore_test

import (
	"crypto/x509"
	"fmt"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/certstore/monitoring"
	"certdesk/certstore/names"
	"certdesk/certstore/storetest"
	"certdesk/certstore/trust"
)

var sizes = []int{1000, 10_000, 100_000}

func filled(b *testing.B, n int) certstore.Options {
	b.Helper()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	dir := filepath.Join(b.TempDir(), "store")
	if err := storetest.Fill(dir, n, now); err != nil {
		b.Fatal(err)
	}
	return certstore.Options{Dir: dir, Now: func() time.Time { return now },
		Roots: trust.NewRoots(trust.Sources{LocalDir: "/nonexistent", System: func() (*x509.CertPool, error) { return x509.NewCertPool(), nil }})}
}

// BenchmarkList is the time from nothing to all rows: journal read, sums verified, verdicts made.
func BenchmarkList(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			o := filled(b, n)
			for b.Loop() {
				s, err := certstore.Open(o)
				if err != nil {
					b.Fatal(err)
				}
				list, err := s.List(b.Context(), false)
				if err != nil || len(list) != n {
					b.Fatal(len(list), err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/list")
		})
	}
}

// BenchmarkCheck is what a monitoring system pays each minute, from nothing to the state, beside what the ports take.
func BenchmarkCheck(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			o := filled(b, n)
			for b.Loop() {
				s, err := certstore.Open(o)
				if err != nil {
					b.Fatal(err)
				}
				tasks, err := s.Renewals(b.Context())
				if err != nil {
					b.Fatal(err)
				}
				list, err := s.List(b.Context(), false)
				if r := (monitoring.Question{Now: o.Now()}).Judge(list, monitoring.Sight{Renewals: tasks}); err != nil || len(r.Items) != n {
					b.Fatal(len(r.Items), err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/check")
		})
	}
}

// BenchmarkListAgain is what a live table pays for a change.
func BenchmarkListAgain(b *testing.B) {
	for _, n := range sizes {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s, err := certstore.Open(filled(b, n))
			if err != nil {
				b.Fatal(err)
			}
			s.List(b.Context(), false)
			for b.Loop() {
				s.List(b.Context(), false)
			}
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB-heap")
			runtime.KeepAlive(s)
		})
	}
}

// BenchmarkNew is a request with a quick key on a store of n entries: what certdesk adds to making the key.
func BenchmarkNew(b *testing.B) {
	for _, n := range []int{0, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			o := filled(b, n)
			i := 0
			for b.Loop() {
				s, err := certstore.Open(o)
				if err != nil {
					b.Fatal(err)
				}
				i++
				host := fmt.Sprintf("new%d.example.org", i)
				_, err = s.New(b.Context(), issuing.Request{Subject: names.Subject{{Type: "CN", Value: host}}, Names: []names.Name{{Kind: names.DNS, Value: host}},
					Key: issuing.KeySpec{Algorithm: "ecdsa-p256"}})
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
