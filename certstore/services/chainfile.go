package services

import (
	"crypto/x509"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// chainsStay is chainStays, at each site for what stays there.
func chainsStay(sites []daemon.Site, pairs []Pair, kept []Beside) error {
	for i, s := range sites {
		gone := func(b Beside) bool { return !slices.Contains(s.Beside, b.Installed) }
		if err := chainStays(sites[i:i+1], pairs, slices.DeleteFunc(slices.Clone(kept), gone)); err != nil {
			return err
		}
	}
	return nil
}

// chainStays leaves a site's file of intermediates where a certificate that stays is served with it: what clients of
// the other key type are sent must be the same before and after. The new certificate is sent with that file as well
// then, so it must have just its intermediates; where it has not, one of the two could not be served whole.
func chainStays(sites []daemon.Site, pairs []Pair, kept []Beside) error {
	for i := range sites {
		s := &sites[i]
		if s.Chain == "" || len(pairs)+len(kept) == 1 {
			continue
		}
		s.Chained = len(kept) > 0 && sends(s.Chain, pairs)
		alone := slices.IndexFunc(kept, func(b Beside) bool { return leafAlone(b.Cert) })
		if !s.Chained && alone >= 0 {
			cert := printable.Text(kept[alone].Cert)
			return fail.New(fail.Unfit, "put its intermediates behind the certificate in "+cert,
				"%s is served with the intermediates in %s, which are not those of the new certificate: one of the two could "+
					"not be served whole",
				cert, printable.Text(s.Chain))
		}
		if s.Around && !s.Chained && !oneChain(pairs, kept) {
			return fail.New(fail.Unfit, "take it out of there, and put the intermediates behind each certificate in its own "+
				"file",
				"the block around %s names intermediates for all its certificates (%s), and those of the new ones are not the "+
					"same: one of them could not be served whole",
				printable.Text(s.Where), printable.Text(s.Chain))
		}
	}
	return nil
}

// oneChain says whether all certificates have the intermediates of the first one.
func oneChain(pairs []Pair, kept []Beside) bool {
	var first []*x509.Certificate
	for i, p := range pairs {
		all, err := daemon.Certificates(p.Chain)
		if i == 0 && err == nil {
			first = all[1:]
		}
		if err != nil || !slices.EqualFunc(first, all[1:], (*x509.Certificate).Equal) {
			return false
		}
	}
	for _, b := range kept {
		data, err := daemon.ReadFile(b.Cert)
		if err != nil || !oneChain([]Pair{pairs[0], {Chain: data}}, nil) {
			return false
		}
	}
	return true
}

// sends says whether a file holds the intermediates of each pair, and nothing but CA certificates.
func sends(path string, pairs []Pair) bool {
	data, err := daemon.ReadFile(path)
	if err != nil {
		return false
	}
	have, err := daemon.Certificates(data)
	if err != nil || slices.ContainsFunc(have, func(c *x509.Certificate) bool { return !c.IsCA }) {
		return false
	}
	for _, p := range pairs {
		chain, err := daemon.Certificates(p.Chain)
		if err != nil || slices.ContainsFunc(chain[1:],
			func(c *x509.Certificate) bool { return !slices.ContainsFunc(have, c.Equal) }) {
			return false
		}
	}
	return true
}

// leafAlone says whether a file has a certificate and none of its intermediates.
func leafAlone(path string) bool {
	data, err := daemon.ReadFile(path)
	if err != nil {
		return false
	}
	all, err := daemon.Certificates(data)
	return err == nil && len(all) == 1 && all[0].CheckSignatureFrom(all[0]) != nil
}
