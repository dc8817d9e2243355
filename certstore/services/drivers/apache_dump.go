package drivers

import (
	"net"
	"regexp"
	"strconv"
	"strings"
)

// spot is a line of a configuration file. Apache counts a directive that goes on over several by its last one.
type spot struct {
	path string
	line int
}

// vhost is a virtual host as Apache lists it: one address of it.
type vhost struct {
	host  string // "" for every address
	port  int    // 0 for every port
	names []string
	spot  // where it begins
}

var macroUse = regexp.MustCompile(` used on line (\d+) of "([^"]+)"$`)

// used is the place of the Use that brought a directive out of a macro.
func (n *apacheNode) used() (spot, bool) {
	m := macroUse.FindStringSubmatch(n.path)
	if !n.macro() || m == nil {
		return spot{}, false
	}
	line, _ := strconv.Atoi(m[1])
	return spot{m[2], line}, true
}

// apacheNode is an active directive. Sections are named "<virtualhost".
type apacheNode struct {
	name     string // lower case
	args     string // variables in it have their values
	spot            // a macro's is no path but says which macro it is and where it is used
	children []*apacheNode
}

// first is the directive's first argument.
func (n *apacheNode) first() string {
	_, value := apacheArgument(n.args, 0, len(n.args))
	return value
}

// macro says whether the directive comes out of a macro's body.
func (n *apacheNode) macro() bool { return strings.HasPrefix(n.path, "macro '") }

func (n *apacheNode) walk(do func(*apacheNode)) {
	for _, c := range n.children {
		do(c)
		c.walk(do)
	}
}

// apacheDump is what Apache says of its configuration.
type apacheDump struct {
	hosts                   []vhost
	root, errorLog, pidFile string
	defines                 map[string]string
	files                   []included  // the first one includes all others
	active                  *apacheNode // nil if it did not tell
}

var (
	vhostPlace  = regexp.MustCompile(`^(\S+)\s+\((.+):(\d+)\)$`)
	vhostOnly   = regexp.MustCompile(`^(\S+:\S+)\s+(\S+)\s+\((.+):(\d+)\)$`)
	runConfig   = regexp.MustCompile(`^(ServerRoot|Main ErrorLog|PidFile): "(.*)"$`)
	includeLine = regexp.MustCompile(`^( +)\((\*|\d+)\) (.+)$`)
	activePlace = regexp.MustCompile(`^ *# +(\d+):$`)
)

// parseApacheDump reads the lists one after the other; each has lines of a form of its own.
func parseApacheDump(out string) apacheDump {
	d := apacheDump{defines: map[string]string{}}
	var tree apacheTree
	var vhosts vhostList
	var includes includeList
	for _, s := range strings.Split(out, "\n") {
		s = strings.TrimRight(s, " \r")
		define, isDefine := strings.CutPrefix(s, "Define: ")
		switch {
		case tree.take(s):
		case runConfig.MatchString(s):
			d.set(runConfig.FindStringSubmatch(s))
		case isDefine:
			name, value, _ := strings.Cut(define, "=")
			d.defines[name] = value
		case includes.take(s):
		default:
			vhosts.take(s)
		}
	}
	d.hosts, d.files, d.active = vhosts.hosts, includes.files, tree.root
	return d
}

// onePaths gives a file that several links lead to one path everywhere.
func (d *apacheDump) onePaths() {
	one := onePath{}
	for i := range d.files {
		d.files[i].as = d.files[i].path
		d.files[i].path = one.of(d.files[i].path)
	}
	for i := range d.hosts {
		d.hosts[i].path = one.of(d.hosts[i].path)
	}
	d.active.walk(func(n *apacheNode) { n.path = one.of(n.path) })
}

func (d *apacheDump) set(m []string) {
	switch m[1] {
	case "ServerRoot":
		d.root = m[2]
	case "Main ErrorLog":
		d.errorLog = m[2]
	default:
		d.pidFile = m[2]
	}
}

// vhostList reads DUMP_VHOSTS. An address with one host is one line; one with several begins a list, in which the
// default server is named a second time.
type vhostList struct {
	hosts   []vhost
	address string
}

func (v *vhostList) take(s string) {
	trimmed := strings.TrimSpace(s)
	switch {
	case strings.HasSuffix(trimmed, " is a NameVirtualHost"):
		v.address = strings.TrimSpace(strings.TrimSuffix(trimmed, "is a NameVirtualHost"))
	case vhostOnly.MatchString(s):
		m := vhostOnly.FindStringSubmatch(s)
		v.add(m[1], m[2], m[3], m[4])
		v.address = ""
	case v.address != "" && strings.HasPrefix(trimmed, "port "):
		if words := strings.SplitN(trimmed, " ", 4); len(words) == 4 && words[2] == "namevhost" {
			if m := vhostPlace.FindStringSubmatch(words[3]); m != nil {
				v.add(v.address, m[1], m[2], m[3])
			}
		}
	case strings.HasPrefix(trimmed, "alias "), strings.HasPrefix(trimmed, "wild alias "):
		if n := len(v.hosts); n > 0 {
			v.hosts[n-1].names = append(v.hosts[n-1].names, trimmed[strings.LastIndexByte(trimmed, ' ')+1:])
		}
	}
}

func (v *vhostList) add(address, name, path, number string) {
	host, port, err := net.SplitHostPort(address)
	n, _ := strconv.Atoi(number)
	p := portNumber(port)
	if err != nil || p == 0 && port != "*" || n == 0 {
		return
	}
	if host == "*" || host == "_default_" || host == "0.0.0.0" {
		host = ""
	}
	v.hosts = append(v.hosts, vhost{host, p, []string{name}, spot{path, n}})
}

// included is a file as DUMP_INCLUDES lists it, each time it is read.
type included struct {
	parent int // the index of the one that includes it
	line   int // there; of a pattern's second file it may be that of an Include in the first (measured, 2.4.71)
	path   string
	as     string // the path Apache has it by, where another of its links was met before
}

// includeList reads DUMP_INCLUDES: a file stands two blanks behind the one that includes it.
type includeList struct {
	files []included // the first one includes all others
	stack []int
}

func (l *includeList) take(s string) bool {
	m := includeLine.FindStringSubmatch(s)
	if m == nil {
		return false
	}
	depth := len(m[1])/2 - 1
	if m[2] != "*" && depth < 1 || depth > len(l.stack) {
		return true
	}
	f := included{parent: -1, path: m[3]}
	if depth > 0 {
		f.parent = l.stack[depth-1]
	}
	f.line, _ = strconv.Atoi(m[2])
	l.stack = append(l.stack[:depth], len(l.files))
	l.files = append(l.files, f)
	return true
}

// apacheTree reads DUMP_CONFIG: "# In file: PATH", "#  LINE:", and then the directive that stands there.
type apacheTree struct {
	root  *apacheNode
	stack []*apacheNode
	path  string
	line  int // of the directive in the next line; 0 for none
}

func (t *apacheTree) take(s string) bool {
	trimmed := strings.TrimSpace(s)
	path, file := strings.CutPrefix(s, "# In file: ")
	m := activePlace.FindStringSubmatch(s)
	switch {
	case file:
		if t.root == nil {
			t.root = &apacheNode{}
			t.stack = []*apacheNode{t.root}
		}
		t.path, t.line = path, 0
	case t.root == nil:
		return false
	case m != nil:
		t.line, _ = strconv.Atoi(m[1])
	case t.line > 0:
		t.add(trimmed)
		t.line = 0
	case len(t.stack) > 1 && strings.HasPrefix(trimmed, "</"):
		t.stack = t.stack[:len(t.stack)-1]
	default:
		return false
	}
	return true
}

func (t *apacheTree) add(text string) {
	name, args, _ := strings.Cut(text, " ")
	n := &apacheNode{name: strings.ToLower(name), args: strings.TrimSpace(args), spot: spot{t.path, t.line}}
	top := t.stack[len(t.stack)-1]
	top.children = append(top.children, n)
	if strings.HasPrefix(name, "<") {
		n.args = strings.TrimSuffix(n.args, ">")
		t.stack = append(t.stack, n)
	}
}
