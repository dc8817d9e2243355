package certstore

import (
	"cmp"
	"context"
	"crypto/x509"
	"fmt"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// mayEnable refuses what no service could use.
func mayEnable(e ledger.Entry) error {
	switch {
	case !e.Removed.IsZero():
		return fail.New(fail.NotFound, "restore it first", "%s was removed", e.FriendlyName)
	case e.Kind == ledger.PendingReq:
		return fail.New(fail.Unfit, "import the CA's answer first", "%s is a request: there is no certificate yet", e.FriendlyName)
	case e.Defect != "" || e.Unread != "":
		why := cmp.Or(e.Defect, e.Unread)
		return fail.New(fail.Unfit, "ask the CA for another certificate and import that", "%s cannot be enabled: %s", e.FriendlyName, why)
	case !e.HasKey:
		return fail.New(fail.Unfit, "import it together with its private key", "%s cannot be enabled: its private key is not in the store", e.FriendlyName)
	}
	return nil
}

// pairOf reads what a daemon is given: leaf, the chain that holds, key.
func (s *Store) pairOf(e ledger.Entry) (services.Pair, *x509.Certificate, error) {
	leaf, chain, err := s.chainOf(e, false)
	if err != nil {
		return services.Pair{}, nil, err
	}
	p := services.Pair{Chain: pemChain(leaf, chain)}
	key, err := s.key(e.SPKI)
	if err != nil {
		return services.Pair{}, nil, err
	}
	p.Key, err = formats.KeyPEM(key)
	return p, leaf, err
}

// vet is services.Vet, and that the chain is whole: it ends at a root that is trusted here or came with it.
func (s *Store) vet(e ledger.Entry, p services.Pair, names ...string) error {
	if err := ledger.Usable(e); err != nil {
		return err
	}
	if err := services.Vet(p, services.Terms{Now: s.o.Now(), Names: names}); err != nil {
		return fmt.Errorf("%s cannot be enabled: %w", e.FriendlyName, err)
	}
	fault := e.Verdict.Fault
	if fault != "" {
		return fail.New(fail.Unfit, "import the certificate again with the chain that its CA sends now",
			"%s cannot be enabled, since clients refuse its chain: %s", e.FriendlyName, fault)
	}
	if !reachesRoot(&e) {
		return fail.New(fail.Unfit, "import the missing CA certificate; if it is a root of your own, name its file under trust in the configuration",
			"%s cannot be enabled: its chain is incomplete: %s", e.FriendlyName, s.firstGap(e))
	}
	return nil
}

// reachesRoot says whether an entry's chain reaches a root: one that is trusted, or one that came with it.
func reachesRoot(e *ledger.Entry) bool {
	n := e.Reach()
	return e.SelfSigned || e.Verdict.Root != "" || n > 0 && e.Chain[n-1].SelfSigned
}

func (s *Store) firstGap(e ledger.Entry) string {
	if list := s.chains().Gaps(e); len(list) > 0 {
		return list[0].String()
	}
	return "it ends at no trusted root"
}

// cautions are what a person should know of a certificate before clients are given it.
func (s *Store) cautions(e ledger.Entry) (list []string) {
	switch {
	case e.SelfSigned:
		list = append(list, "it is self-signed: clients warn until they are told to trust it")
	case e.Verdict.Root == "":
		list = append(list, "its root is not trusted on this host: only clients that know it accept it")
	}
	if e.Verdict.Word == "expiring" {
		list = append(list, "it "+e.Verdict.Reason)
	}
	for _, link := range e.Chain {
		if doubt := link.Doubted(); doubt != "" {
			list = append(list, doubt)
		}
	}
	for _, remark := range e.Remarks {
		list = append(list, remark.Text)
	}
	return list
}

// peerPatience is how long a peer may take to answer.
const peerPatience = 5 * time.Second

// refusedByPeers keeps one certificate from serving SMTP on both sides of a subscription between Hub and Edge: the
// Edge would take the Hub for itself (EdgeSync compares them). A peer that does not answer is a warning.
func (s *Store) refusedByPeers(ctx context.Context, sp *ServicePlan, e ledger.Entry) error {
	if ledger.UseOf(sp.Service) != ledger.SMTP {
		return nil
	}
	for _, peer := range s.o.Peers {
		target, err := probe.ParseTarget(peer)
		if err != nil {
			return err
		}
		for _, r := range probe.AskKinds(ctx, probe.Request{Target: target, Now: s.o.Now(), Timeout: peerPatience}) {
			if r.SHA256 == e.SHA256 {
				return fail.New(fail.Unfit, "use a different certificate on each side: EdgeSync needs two",
					"the peer %s presents this same certificate for SMTP", printable.Text(peer))
			}
			if !r.Served() {
				sp.Warnings = append(sp.Warnings, "the peer "+printable.Text(peer)+" could not be asked what it presents: "+r.Text)
			}
		}
	}
	return nil
}
