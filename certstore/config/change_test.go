package config

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

// TestAChangeTouchesItsOwnLinesAlone shows the whole text after each kind of change.
func TestAChangeTouchesItsOwnLinesAlone(t *testing.T) {
	for _, c := range []struct {
		name, before string
		changes      []Change
		after        string
	}{
		{"a value, its comment stays", "# top\nserver = 'a.test'   # ours\nrole = \"hub\"\n",
			[]Change{{Key: "server", Value: "b.test"}}, "# top\nserver = \"b.test\"   # ours\nrole = \"hub\"\n"},
		{"no final line end", "role = \"hub\"", []Change{{Key: "role", Value: "edge"}}, "role = \"edge\""},
		{"a key is added in line", "server  = \"a.test\"\n\n[accepted_domains]\nnames = []\n",
			[]Change{{Key: "role", Value: "hub"}}, "server  = \"a.test\"\nrole    = \"hub\"\n\n[accepted_domains]\nnames = []\n"},
		{"a key of the top comes before the comment of the first table", "# about the file\n\n# about domains\n[accepted_domains]\n",
			[]Change{{Key: "discover", Value: false}}, "# about the file\n\ndiscover = false\n\n# about domains\n[accepted_domains]\n"},
		{"a key goes, with its line", "server = \"a.test\"\n# why\nrole = \"hub\" # x\npeers = []\n",
			[]Change{{Key: "role"}}, "server = \"a.test\"\n# why\npeers = []\n"},
		{"a key that is not there goes", "server = \"a.test\"\n", []Change{{Key: "role"}, {Table: "accepted_domains", Key: "names"}}, "server = \"a.test\"\n"},
		{"a table is made", "server = \"a.test\"", []Change{{Table: "accepted_domains", Key: "names", Value: []string{"a.test"}}},
			"server = \"a.test\"\n\n[accepted_domains]\nnames = [\"a.test\"]\n"},
		{"an empty file", "", []Change{{Table: "accepted_domains", Key: "names", Value: []string{"a.test", "b.test"}}},
			"[accepted_domains]\nnames = [\"a.test\", \"b.test\"]\n"},
		{"dotted keys stay dotted", "accepted_domains.names = [\"a.test\"]\n[[filter]]\nname = \"x\"\nshow = \"y\"\n",
			[]Change{{Table: "accepted_domains", Key: "postfix", Value: "/etc/postfix"}},
			"accepted_domains.names = [\"a.test\"]\naccepted_domains.postfix = \"/etc/postfix\"\n[[filter]]\nname = \"x\"\nshow = \"y\"\n"},
		{"in braces a value changes", "accepted_domains = { names = [\"a.test\"], postfix = \"/p\" } # in short\n",
			[]Change{{Table: "accepted_domains", Key: "names", Value: []string{"b.test"}}},
			"accepted_domains = { names = [\"b.test\"], postfix = \"/p\" } # in short\n"},
		{"a list by lines", "[accepted_domains]\nnames = [\n  \"a.test\", # first\n  # of the old firm\n  \"b.test\",\n  \"c.test\" # last\n]\n",
			[]Change{{Table: "accepted_domains", Key: "names", Value: []string{"a.test", "c.test", "d.test"}}},
			"[accepted_domains]\nnames = [\n  \"a.test\", # first\n  # of the old firm\n  \"c.test\", # last\n  \"d.test\"\n]\n"},
		{"the last of a list by lines", "trust = [\n  \"/a\",\n  \"/b\", # two\n]\n", []Change{{Key: "trust", Value: []string{"/a"}}}, "trust = [\n  \"/a\",\n]\n"},
		{"one of a list in a line", "trust = [\"/a\", \"/b\", \"/c\"] # roots\n", []Change{{Key: "trust", Value: []string{"/a", "/c"}}}, "trust = [\"/a\", \"/c\"] # roots\n"},
		{"all of a list", "trust = [\"/a\", \"/b\",]\n", []Change{{Key: "trust", Value: []string{}}}, "trust = []\n"},
		{"a list in another order keeps its comments", "trust = [\n \"/a\", # one\n \"/b\", # two\n]\n",
			[]Change{{Key: "trust", Value: []string{"/b", "/a"}}}, "trust = [\n \"/b\", # one\n \"/a\", # two\n]\n"},
		{"the second service", "[[service]]\nuse = \"SMTP\" # in\n\n[[service]]\nuse  = \"IMAP\"\nname = \"a.test\"\n",
			[]Change{{Table: "service", At: 1, Key: "name", Value: "b.test"}, {Table: "service", At: 1, Key: "driver", Value: "dovecot"}},
			"[[service]]\nuse = \"SMTP\" # in\n\n[[service]]\nuse  = \"IMAP\"\nname = \"b.test\"\ndriver = \"dovecot\"\n"},
		{"a service more", "[[service]]\nuse = \"SMTP\"\n\n# what we look for\n[[filter]]\nname = \"x\"\nshow = \"y\"\n",
			[]Change{{Table: "service", At: 1, Key: "use", Value: "IMAP"}, {Table: "service", At: 1, Key: "driver", Value: "dovecot"}},
			"[[service]]\nuse = \"SMTP\"\n\n[[service]]\nuse = \"IMAP\"\ndriver = \"dovecot\"\n\n# what we look for\n[[filter]]\nname = \"x\"\nshow = \"y\"\n"},
		{"a service goes, and its comment", "role = \"hub\"\n\n# in\n[[service]]\nuse = \"SMTP\"\n\n# out\n[[service]]\nuse = \"IMAP\"\n",
			[]Change{{Table: "service"}}, "role = \"hub\"\n\n# out\n[[service]]\nuse = \"IMAP\"\n"},
		{"the last service goes", "role = \"hub\"\n\n# in\n[[service]]\nuse = \"SMTP\"\n", []Change{{Table: "service"}}, "role = \"hub\"\n"},
		{"windows' line ends", "server = \"a.test\"\r\n", []Change{{Key: "role", Value: "hub"}}, "server = \"a.test\"\r\nrole   = \"hub\"\r\n"},
		{"signs in strings and comments", "peers = [\"a]#\", 'b\"', \"\"\"c\n]\"\"\"] # ] = [\nrole = \"hub\" # \"\n",
			[]Change{{Key: "role", Value: "edge"}}, "peers = [\"a]#\", 'b\"', \"\"\"c\n]\"\"\"] # ] = [\nrole = \"edge\" # \"\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := changed(c.before, c.changes)
			if err != nil || got != c.after {
				t.Errorf("%v\n%s\nwant\n%s", err, got, c.after)
			}
		})
	}
}

func TestWhatCannotBeEditedIsRefused(t *testing.T) {
	for _, c := range []struct {
		before string
		change Change
	}{
		{"service = [ { use = \"SMTP\" } ]\n", Change{Table: "service", Key: "name", Value: "a.test"}},
		{"service = [ { use = \"SMTP\" } ]\n", Change{Table: "service", At: 1, Key: "name", Value: "a.test"}},
		{"accepted_domains = { names = [] }\n", Change{Table: "accepted_domains", Key: "postfix", Value: "/p"}},
		{"", Change{Table: "filter", At: 1, Key: "name", Value: "a"}},
	} {
		if got, err := changed(c.before, []Change{c.change}); !fail.Is(err, fail.UnsupportedFormat) {
			t.Errorf("%q %+v: %v\n%s", c.before, c.change, err, got)
		}
	}
}

// TestChangesOfFilesMadeAtRandom holds, of files with comments everywhere and every way of writing a list: the file
// after a change decodes to the file before it with that change, and every other line is as it was, in its place.
func TestChangesOfFilesMadeAtRandom(t *testing.T) {
	refused := 0
	for seed := range uint64(2000) {
		r := rand.New(rand.NewPCG(seed, 1))
		text := randomFile(r)
		before, err := decode(text)
		if err != nil {
			t.Fatalf("%d: %v\n%s", seed, err, text)
		}
		c := randomChange(r, before)
		after, err := changed(text, []Change{c})
		if err != nil {
			refused++
			continue
		}
		if got, err := decode(after); err == nil && !reflect.DeepEqual(settingOf(got, c), c.Value) && c.Key != "" && c.Value != nil {
			t.Fatalf("%d: %+v gave %v\n%s\nfrom\n%s", seed, c, settingOf(got, c), after, text)
		}
		holdsTheOtherLines(t, seed, c, text, after)
	}
	if refused > 20 {
		t.Errorf("%d of 2000 were refused", refused)
	}
}

// holdsTheOtherLines wants the lines that are gone to follow one another, and to be those of what was changed.
func holdsTheOtherLines(t *testing.T, seed uint64, c Change, before, after string) {
	t.Helper()
	if before != "" && !strings.HasSuffix(before, "\n") && strings.HasSuffix(after, "\n") {
		before += newline(after) // a line behind the last one ends that first
	}
	a, b := strings.SplitAfter(before, "\n"), strings.SplitAfter(after, "\n")
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	m := 0
	for m < min(len(a), len(b))-n && a[len(a)-1-m] == b[len(b)-1-m] {
		m++
	}
	gone, in := a[n:len(a)-m], File{text: before, list: statements(before)}
	first, last := 1<<30, 0
	for _, st := range in.list {
		if c.is(st) || c.Key == "" && c.inBlock(st) && len(st.table) > 0 && st.table[0] == c.Table {
			first, last = min(first, strings.Count(before[:st.from], "\n")), max(last, strings.Count(before[:st.to], "\n"))
		}
	}
	if c.Key == "" {
		first, last = first-4, last+4 // its comment and the blank lines above; a like block beside it may be told instead
	}
	if len(gone) > 0 && (n < first || n+len(gone) > last+1) {
		t.Fatalf("%d: %+v changed lines %d to %d\n%s\nfrom\n%s", seed, c, n+1, n+len(gone), after, before)
	}
}

// randomFile is a configuration as many hands would write it.
func randomFile(r *rand.Rand) string {
	var b strings.Builder
	remark := func() {
		for range r.IntN(3) {
			b.WriteString([]string{"\n", fmt.Sprintf("# remark %d = [\n", r.IntN(99)), "  # \"\n"}[r.IntN(3)])
		}
	}
	put := func(key, value string) {
		if r.IntN(3) == 0 {
			return
		}
		remark()
		fmt.Fprintf(&b, "%s%s=%s%s%s\n", []string{"", "  "}[r.IntN(2)], key+strings.Repeat(" ", r.IntN(5)),
			strings.Repeat(" ", r.IntN(2)), value, []string{"", " # why \"not\""}[r.IntN(2)])
	}
	put("server", []string{`"a.test"`, `'a.test'`}[r.IntN(2)])
	put("trust", randomList(r))
	put("role", `"hub"`)
	dotted := r.IntN(3) == 0
	if dotted {
		put("accepted_domains.names", randomList(r))
	}
	tables := []func(){func() {
		if !dotted && r.IntN(2) == 0 {
			remark()
			b.WriteString("[accepted_domains]" + []string{"", " # mail"}[r.IntN(2)] + "\n")
			put("names", randomList(r))
			put("postfix", `"/etc/postfix"`)
		}
	}, func() {
		for i := range r.IntN(3) {
			remark()
			b.WriteString("[[service]]\n")
			put("use", `"SMTP"`)
			put("listen", randomList(r))
			put("name", fmt.Sprintf("%q", fmt.Sprint("s", i, ".test")))
		}
	}, func() {
		for i := range r.IntN(3) {
			remark()
			fmt.Fprintf(&b, "[[filter]]\nname = \"f%d\"\nshow = \"days<30\"\n", i)
		}
	}}
	r.Shuffle(len(tables), func(i, j int) { tables[i], tables[j] = tables[j], tables[i] })
	for _, table := range tables {
		table()
	}
	remark()
	text := b.String()
	switch r.IntN(6) {
	case 0:
		return strings.TrimRight(text, "\n")
	case 1:
		return strings.ReplaceAll(text, "\n", "\r\n")
	}
	return text
}

func randomList(r *rand.Rand) string {
	var b strings.Builder
	lines := r.IntN(2) == 0
	b.WriteString("[")
	n := r.IntN(4)
	for i := range n {
		if lines {
			b.WriteString("\n  ")
		}
		b.WriteString([]string{`"%d.test"`, `'%d.test'`, `"""%d.test"""`}[r.IntN(3)])
		if i < n-1 || r.IntN(2) == 0 {
			b.WriteString(",")
		}
		if lines && r.IntN(2) == 0 {
			b.WriteString(" # ], \"")
		}
	}
	if lines {
		b.WriteString("\n")
	}
	b.WriteString("]")
	text := b.String()
	for i := range n {
		text = strings.Replace(text, "%d", fmt.Sprint(i), 1)
	}
	return text
}

func randomChange(r *rand.Rand, c Config) Change {
	list := []string{"0.test", "1.test", "2.test", "x.test", "y.test"}
	r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
	list = list[:r.IntN(5)]
	if r.IntN(2) == 0 {
		slices.Sort(list)
	}
	choices := []Change{
		{Key: "server", Value: "b.test"}, {Key: "server"}, {Key: "role", Value: "edge"}, {Key: "trust", Value: list}, {Key: "trust"},
		{Key: "discover", Value: false}, {Table: "accepted_domains", Key: "names", Value: list}, {Table: "accepted_domains", Key: "postfix", Value: "/p"},
		{Table: "service", At: r.IntN(len(c.Services) + 1), Key: "use", Value: "IMAP"},
		{Table: "service", At: r.IntN(len(c.Services) + 1), Key: "listen", Value: list},
		{Table: "service", At: r.IntN(len(c.Services) + 1)},
		{Table: "filter", At: r.IntN(len(c.Filters) + 1), Key: "show", Value: `a "b" \ c`},
		{Table: "filter", At: r.IntN(len(c.Filters) + 1)},
	}
	return choices[r.IntN(len(choices))]
}

// settingOf is a changed value as the configuration has it.
func settingOf(c Config, ch Change) any {
	switch ch.Name() {
	case "server":
		return c.Server
	case "role":
		return c.Role
	case "trust":
		return c.Trust
	case "discover":
		return *c.Discover
	case "accepted_domains.names":
		return c.AcceptedDomains.Names
	case "accepted_domains.postfix":
		return c.AcceptedDomains.Postfix
	}
	switch ch.Key {
	case "use":
		return c.Services[ch.At].Use
	case "listen":
		return c.Services[ch.At].Listen
	case "show":
		return c.Filters[ch.At].Show
	}
	return ch.Value
}

// FuzzChange looks for a text that the walk over it does not end on, or that a change breaks.
func FuzzChange(f *testing.F) {
	f.Add(contract, "accepted_domains", 0, "names", "a.test,b.test")
	f.Add("service = [{use='x'}]\n\"a.b\".c = '''x'''\n[a.\"b\"]\nd = {e = [1,{f=2}]}", "service", 0, "use", "SMTP")
	f.Fuzz(func(t *testing.T, text, table string, at int, key, value string) {
		statements(text)
		if _, err := decodeTree(text); err != nil {
			return
		}
		for _, v := range []any{value, strings.Split(value, ","), nil} {
			c := Change{Table: table, At: at, Key: key, Value: v}
			want, _ := decodeTree(text)
			if got, err := changed(text, []Change{c}); err == nil {
				have, err := decodeTree(got)
				if applied := c.apply(want); err != nil || applied != nil || !reflect.DeepEqual(have, want) {
					t.Fatalf("%v %v\n%s", err, applied, got)
				}
			}
		}
	})
}
