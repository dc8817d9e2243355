package words

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Branch is one certificate of a chain drawn as a tree; the root comes first, and each stands below the one that signed
// it.
type Branch struct {
	Depth int
	Name  string    // what it is called, printable
	Until time.Time // zero for one that is not here
	Note  string    // why it is trusted, or what else there is to know, or ""
	Fault string    // what is wrong with it, or ""
}

// ChainTree is an entry's chain from its root down to itself, what is missing in its place; nil where there is none.
func ChainTree(e certstore.Entry, now time.Time) []Branch {
	if e.Kind != certstore.Certificate || e.SelfSigned {
		return nil
	}
	tree := []Branch{{Name: Title(e), Until: e.NotAfter,
		Fault: cmp.Or(recalled(e.Verdict, ""), lifeFault(e.NotBefore, e.NotAfter, now))}}
	issuer, ended := e.Issuer, false // who signed the highest branch; and whether a trusted root has been reached
	for _, link := range e.Chain {
		if !ended && !link.Holds() && link.Subject != issuer {
			tree = append(tree, missingBranch(issuer))
		}
		tree = append(tree, branchOf(e.Verdict, link, ended, now))
		ended = ended || e.Verdict.Root != "" && link.Subject == e.Verdict.Root
		issuer = link.Issuer
	}
	if n := len(e.Chain); n == 0 || !ended && !e.Chain[n-1].SelfSigned {
		top := topBranch(e.Verdict, issuer)
		if e.Verdict.Root == "" && !slices.ContainsFunc(e.Chain, func(l trust.Link) bool { return l.Refused(now) != "" }) {
			top.Fault = cmp.Or(e.Verdict.Fault, top.Fault) // a trusted root that clients refuse is not missing
		}
		tree = append(tree, top)
	}
	slices.Reverse(tree)
	for i := range tree {
		tree[i].Depth = i
	}
	return tree
}

// branchOf is one link; above the trusted root nothing counts any more.
func branchOf(v trust.Verdict, link trust.Link, ended bool, now time.Time) Branch {
	b := Branch{Name: ownerOf(link.Subject), Until: link.NotAfter}
	switch {
	case ended:
		b.Note = "not needed: the chain ends below it"
		return b
	case link.Unchecked != "":
		b.Note = kit.Printable(link.Unchecked)
	case !link.Signed:
		b.Fault = "did not sign the certificate below it"
	default:
		b.Fault = cmp.Or(link.Fault, recalled(v, link.Subject), lifeFault(link.NotBefore, link.NotAfter, now))
	}
	switch {
	case v.Root != "" && v.Root == link.Subject:
		b.Note = trusted(v)
	case !link.SelfSigned || b.Fault != "":
	case v.Status == trust.Unknown:
		b.Note = "not judged"
	case v.Root == "":
		b.Fault = "neither the system nor the configuration trusts this root"
	}
	return b
}

// recalled says that the CA revoked a certificate of a chain, by its subject; "" is the leaf.
func recalled(v trust.Verdict, subject string) string {
	if v.Status != trust.Revoked || v.Revocation.Of != subject {
		return ""
	}
	return kit.Printable(strings.TrimPrefix(v.Revocation.Text, "of its issuer "+subject+": "))
}

func lifeFault(from, until, now time.Time) string {
	switch {
	case now.After(until):
		return "expired " + when.Said(until, now.Local())
	case now.Before(from):
		return "not valid before " + when.Said(from, now.Local())
	}
	return ""
}

// trusted says why a root is.
func trusted(v trust.Verdict) string {
	_, why, _ := strings.Cut(v.RootType.Words(), ": ")
	return "trusted root, " + why
}

func missingBranch(issuer string) Branch {
	return Branch{Name: ownerOf(issuer), Fault: "missing: it is not in this store"}
}

// topBranch is an issuer at the chain's end who is not among the links: a trusted root, or what is missing.
func topBranch(v trust.Verdict, issuer string) Branch {
	b := Branch{Name: ownerOf(issuer)}
	switch {
	case v.Root != "":
		b.Name, b.Note = ownerOf(v.Root), trusted(v)
	case v.Status == trust.Unknown:
		b.Note = "not judged"
	default:
		b.Fault = "missing: it is neither in this store nor among the trusted roots"
	}
	return b
}

// Words is a branch on a line of its own, without what is wrong with it.
func (b Branch) Words(now time.Time) string {
	text := b.Name + b.until(now)
	if b.Note != "" {
		text += "  (" + b.Note + ")"
	}
	return text
}

// until is when a branch ends, to stand behind its name.
func (b Branch) until(now time.Time) string {
	if b.Until.IsZero() {
		return ""
	}
	return "  until " + Day(b.Until, now)
}

// ChainLines draws the chain from its root down, each link with what is wrong with it.
func ChainLines(s theme.Styles, e certstore.Entry, now time.Time, w int) []string {
	var lines []string
	for _, b := range ChainTree(e, now) {
		indent := "  "
		if b.Depth > 0 {
			indent += strings.Repeat("  ", b.Depth-1) + s.Glyphs.Branch + " "
		}
		lines = append(lines, branchLines(s, b, indent, w-1, now)...)
		if b.Fault == "" {
			continue
		}
		lead := strings.Repeat(" ", 2*b.Depth+4)
		for i, line := range kit.Wrap(b.Fault, max(10, w-len(lead)-3)) {
			sign := s.Glyphs.Bad
			if i > 0 {
				sign = " "
			}
			lines = append(lines, fmt.Sprintf("%s%s", lead, s.Bad.Render(sign+" "+line)))
		}
	}
	return lines
}

// branchLines is a branch in w cells: in one line, or with what is beside its name below it.
func branchLines(s theme.Styles, b Branch, indent string, w int, now time.Time) (lines []string) {
	rest := strings.TrimPrefix(b.Words(now), b.Name)
	if kit.Width(indent+b.Name+rest) <= w {
		return []string{indent + b.Name + s.Muted.Render(rest)}
	}
	lead := strings.Repeat(" ", kit.Width(indent))
	for i, line := range kit.Wrap(b.Name, w-len(lead)) {
		if i == 0 {
			lines = append(lines, indent+line)
			continue
		}
		lines = append(lines, lead+line)
	}
	for _, line := range kit.Wrap(strings.TrimSpace(rest), w-len(lead)) {
		lines = append(lines, lead+s.Muted.Render(line))
	}
	return lines
}
