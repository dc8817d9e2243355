package services

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
)

func TestEachBadPairIsRefused(t *testing.T) {
	ca := daemontest.NewCA(t)
	good := ca.Issue(t, daemontest.Wish{})
	other := ca.Issue(t, daemontest.Wish{Names: []string{"other.test"}})
	middle := daemontest.PEM(ca.Middle)
	now := time.Now()
	roots := x509.NewCertPool()
	roots.AddCert(ca.Root)
	old := &pem.Block{Type: "RSA PRIVATE KEY", Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-256-CBC,00"}, Bytes: []byte{1}}
	encrypted := pem.EncodeToMemory(&pem.Block{Type: "ENCRYPTED PRIVATE KEY", Bytes: []byte{1}})
	expired := ca.Issue(t, daemontest.Wish{From: now.Add(-2 * time.Hour), Until: now.Add(-time.Hour)})
	future := ca.Issue(t, daemontest.Wish{From: now.Add(time.Hour)})
	client := ca.Issue(t, daemontest.Wish{Usage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}})
	foreign := daemontest.NewCA(t)
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	for _, c := range []struct {
		name       string
		chain, key []byte
		code       fail.Code
	}{
		{"good", good.Chain, good.Key, ""},
		{"good, with text around", join([]byte("Bag Attributes\n"), good.Chain), join([]byte("key\n"), good.Key), ""},
		{"key of another certificate", good.Chain, other.Key, fail.KeyMismatch},
		{"encrypted key", good.Chain, encrypted, fail.PasswordNeeded},
		{"encrypted key of the old kind", good.Chain, pem.EncodeToMemory(old), fail.PasswordNeeded},
		{"garbage", []byte("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), good.Key, fail.Damaged},
		{"no PEM", []byte("garbage"), good.Key, fail.Damaged},
		{"empty", nil, good.Key, fail.Damaged},
		{"no key", good.Chain, nil, fail.Damaged},
		{"garbage for a key", good.Chain, []byte("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"), fail.Damaged},
		{"intermediate first", join(middle, good.Leaf), good.Key, fail.Unfit},
		{"intermediate missing", good.Leaf, good.Key, fail.Unfit},
		{"the wrong intermediate", join(good.Leaf, daemontest.PEM(foreign.Middle)), good.Key, fail.Unfit},
		{"the root between", join(good.Leaf, daemontest.PEM(ca.Root), middle), good.Key, fail.Unfit},
		{"a name that it does not have", other.Chain, other.Key, fail.Unfit},
		{"expired", expired.Chain, expired.Key, fail.Unfit},
		{"not yet valid", future.Chain, future.Key, fail.Unfit},
		{"for clients alone", client.Chain, client.Key, fail.Unfit},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Vet(Pair{c.chain, c.key}, Terms{Now: now, Names: []string{daemontest.Name}, Roots: roots})
			if c.code == "" && err != nil || c.code != "" && !fail.Is(err, c.code) {
				t.Errorf("%v", err)
			}
		})
	}
	p := foreign.Issue(t, daemontest.Wish{})
	if err := Vet(pairOfTest(p), Terms{Now: now, Roots: roots}); !fail.Is(err, fail.Unfit) {
		t.Errorf("a root nobody trusts: %v", err)
	}
	if err := Vet(pairOfTest(p), Terms{Now: now}); err != nil {
		t.Errorf("without roots the chain has to hold together: %v", err)
	}
}

func TestNamesThatWouldBeLost(t *testing.T) {
	served := &x509.Certificate{DNSNames: []string{"mail.a.test", "*.b.test", "old.a.test"}}
	next := &x509.Certificate{DNSNames: []string{"mail.a.test", "*.b.test"}}
	if lost := LostNames(served, next); len(lost) != 1 || lost[0] != "old.a.test" {
		t.Error(lost)
	}
}

func TestNothingIsInstalledTwiceForOneKeyType(t *testing.T) {
	ca := daemontest.NewCA(t)
	a, b := ca.Issue(t, daemontest.Wish{}), ca.Issue(t, daemontest.Wish{})
	if _, err := leavesOf([]Pair{pairOfTest(a), pairOfTest(b)}); !fail.Is(err, fail.AlreadyExists) {
		t.Error(err)
	}
	if _, err := leavesOf(nil); err == nil {
		t.Error("nothing was taken for something")
	}
}
