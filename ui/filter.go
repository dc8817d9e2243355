package ui

import "strings"

// filter keeps the rows that hold all words; a word after "!" must not occur. Case does not count.
type filter struct {
	wanted, unwanted []string
}

func parseFilter(text string) filter {
	var f filter
	for _, word := range strings.Fields(strings.ToLower(text)) {
		if not, ok := strings.CutPrefix(word, "!"); !ok {
			f.wanted = append(f.wanted, word)
		} else if not != "" {
			f.unwanted = append(f.unwanted, not)
		}
	}
	return f
}

func (f filter) empty() bool { return len(f.wanted)+len(f.unwanted) == 0 }

func (f filter) keeps(hay string) bool {
	for _, word := range f.wanted {
		if !strings.Contains(hay, word) {
			return false
		}
	}
	for _, word := range f.unwanted {
		if strings.Contains(hay, word) {
			return false
		}
	}
	return true
}

// apply gives the ids a filter keeps, in their order; without a word the list itself.
func (f filter) apply(l listing) []int64 {
	if f.empty() {
		return l.worst
	}
	kept := make([]int64, 0, len(l.worst))
	for i, id := range l.worst {
		if f.keeps(l.hay[i]) {
			kept = append(kept, id)
		}
	}
	return kept
}
