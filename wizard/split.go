package wizard

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// BuildRequests are the requests that follow from the answers: the one of BuildRequest, or where its names are split
// the family of which each has a part of them, a common name and a file of its own. Errors: as BuildRequest.
func BuildRequests(a Answers, env Env) ([]issuing.Request, error) {
	whole, err := BuildRequest(a, env)
	if err != nil {
		return nil, err
	}
	if !a.Splits(len(whole.Names)) {
		return []issuing.Request{whole}, nil
	}
	parts := apart(whole.Names, manyNames)
	list := make([]issuing.Request, len(parts))
	for i, part := range parts {
		list[i] = member(whole, part, i, len(parts))
		if a.FriendlyName == "" {
			list[i].FriendlyName = list[i].Names[0].Value
		}
		if err := list[i].Subject.Validate(); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// CanSplit says whether so many names are more than a CA takes, of a kind of request that can be several.
func (a Answers) CanSplit(count int) bool { return !a.SelfSigned && a.CA == "" && count > manyNames }

// Splits says whether so many names become several requests.
func (a Answers) Splits(count int) bool { return a.Split && a.CanSplit(count) }

// SplitText says how a list of names would be split: "3 requests, of 90, 90 and 80 names".
func SplitText(list []names.Name) string {
	parts := apart(list, manyNames)
	var counts []string
	for _, p := range parts {
		counts = append(counts, fmt.Sprint(len(p)))
	}
	last := len(counts) - 1
	if last < 1 {
		return printable.Count(len(list), "name") + " in one request"
	}
	return fmt.Sprintf("%d requests, of %s and %s names", len(counts), strings.Join(counts[:last], ", "), counts[last])
}

// apart splits a list into as few parts as a limit allows. What belongs to one registered domain stays together where
// that is possible; else the parts are of the same size, so that each has room to grow.
func apart(list []names.Name, most int) (parts [][]names.Name) {
	list = byDomain(list)
	for left := (len(list) + most - 1) / most; left > 0; left-- {
		end := cutAt(list, left, most)
		parts = append(parts, list[:end])
		list = list[end:]
	}
	return parts
}

// byDomain has names of one domain beside each other, the domains in the order in which they come.
func byDomain(list []names.Name) []names.Name {
	place := map[string]int{}
	for _, n := range list {
		if _, known := place[family(n)]; !known {
			place[family(n)] = len(place)
		}
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(x, y names.Name) int { return place[family(x)] - place[family(y)] })
	return sorted
}

// family is what a name belongs to: its registered domain, or what has none.
func family(n names.Name) string {
	if n.Kind != names.DNS {
		return string(n.Kind)
	}
	return names.Registrable(n.Value)
}

// cutAt is where the first of some parts ends: at an even share, or at the border of two domains that is next to it, if
// the others can hold what is left.
func cutAt(list []names.Name, parts, most int) int {
	even := (len(list) + parts - 1) / parts
	best := even
	for end := max(1, len(list)-(parts-1)*most); end <= min(most, len(list)-parts+1); end++ {
		border := end == len(list) || family(list[end-1]) != family(list[end])
		if border && (best == even && !isBorder(list, even) || distance(end, even) < distance(best, even)) {
			best = end
		}
	}
	return best
}

func isBorder(list []names.Name, at int) bool {
	return at >= len(list) || family(list[at-1]) != family(list[at])
}

func distance(x, y int) int { return max(x-y, y-x) }

// member is one request of a family. The first takes the place of what is renewed.
func member(r issuing.Request, part []names.Name, i, of int) issuing.Request {
	if r.Names = part; i > 0 {
		r.Names = headed(part)
	}
	r.Subject = r.Subject.With("CN", r.Names[0].Value)
	tail := fmt.Sprintf(" (%d of %d)", i+1, of)
	friendly := []rune(r.FriendlyName)
	r.FriendlyName = strings.TrimSpace(string(friendly[:min(len(friendly), names.MaxFriendly-len(tail))])) + tail
	if r.Path != "" {
		ending := filepath.Ext(r.Path)
		r.Path = fmt.Sprintf("%s-%d%s", strings.TrimSuffix(r.Path, ending), i+1, ending)
	}
	if i > 0 {
		r.RenewalOf = 0
	}
	return r
}

// headed has the first name in front that can be a common name; what is short enough and no wildcard is preferred.
func headed(part []names.Name) []names.Name {
	fits := func(n names.Name) bool { return utf8.RuneCountInString(n.Value) <= maxCommonName }
	at := slices.IndexFunc(part, func(n names.Name) bool {
		return fits(n) && n.Kind == names.DNS && !strings.HasPrefix(n.Value, "*")
	})
	if at < 0 {
		at = max(0, slices.IndexFunc(part, fits))
	}
	return append([]names.Name{part[at]}, slices.Delete(slices.Clone(part), at, at+1)...)
}
