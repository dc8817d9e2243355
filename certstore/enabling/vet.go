package enabling

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

// mayEnable refuses what no service could use.
func mayEnable(e ledger.Entry) error {
	switch {
	case !e.Removed.IsZero():
		return fail.New(fail.NotFound, "restore it first", "%s was removed", e.FriendlyName)
	case e.Kind == ledger.PendingReq:
		return fail.New(fail.Unfit, "import the CA's answer first", "%s is a request: there is no certificate yet",
			e.FriendlyName)
	case e.Defect != "" || e.Unread != "":
		why := cmp.Or(e.Defect, e.Unread)
		return fail.New(fail.Unfit, "ask the CA for another certificate and import that", "%s cannot be enabled: %s",
			e.FriendlyName, why)
	case e.Verdict.Status == trust.Revoked:
		return fail.New(fail.Unfit, "renew it, or ask the CA for another one",
			"%s cannot be enabled, since clients refuse what was revoked: %s", e.FriendlyName, e.Verdict.Reason)
	case !e.HasKey:
		return fail.New(fail.Unfit, "import it together with its private key",
			"%s cannot be enabled: its private key is not in the store", e.FriendlyName)
	}
	return nil
}

// vet is services.Vet, and that the chain is whole: it ends at a root that is trusted here or came with it.
func (ds *Daemons) vet(e ledger.Entry, p services.Pair, names ...string) error {
	if err := ledger.Usable(e); err != nil {
		return err
	}
	if err := services.Vet(p, services.Terms{Now: ds.host.Now(), Names: names}); err != nil {
		return fmt.Errorf("%s cannot be enabled: %w", e.FriendlyName, err)
	}
	fault := e.Verdict.Fault
	if fault != "" {
		return fail.New(fail.Unfit, "import the certificate again with the chain that its CA sends now",
			"%s cannot be enabled, since clients refuse its chain: %s", e.FriendlyName, fault)
	}
	if !reachesRoot(&e) {
		return fail.New(fail.Unfit,
			"import the missing CA certificate; if it is a root of your own, name its file under trust in the configuration",
			"%s cannot be enabled: its chain is incomplete: %s", e.FriendlyName, ds.firstGap(e))
	}
	return nil
}

// reachesRoot says whether an entry's chain reaches a root: one that is trusted, or one that came with it.
func reachesRoot(e *ledger.Entry) bool {
	n := e.Reach()
	return e.SelfSigned || e.Verdict.Root != "" || n > 0 && e.Chain[n-1].SelfSigned
}

func (ds *Daemons) firstGap(e ledger.Entry) string {
	return cmp.Or(ds.store.Gap(e), "it ends at no trusted root")
}

// peerPatience is how long a peer may take to answer.
const peerPatience = 5 * time.Second

// refusedByPeers keeps one certificate from serving SMTP on both sides of a subscription between Hub and Edge: the
// Edge would take the Hub for itself (EdgeSync compares them). A peer that does not answer is a warning.
func (ds *Daemons) refusedByPeers(ctx context.Context, sp *ServicePlan, e ledger.Entry) error {
	if ledger.UseOf(sp.Service) != ledger.SMTP {
		return nil
	}
	for _, peer := range ds.host.Peers {
		target, err := probe.ParseTarget(peer)
		if err != nil {
			return err
		}
		for _, r := range probe.AskKinds(ctx, probe.Request{Target: target, Now: ds.host.Now(), Timeout: peerPatience}) {
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
