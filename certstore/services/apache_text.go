package services

import (
	"net"
	"regexp"
	"strconv"
	"strings"
)

// vhost is a virtual host as Apache lists it: one address of it.
type vhost struct {
	host  string // "" for every address
	port  int
	names []string
	path  string // where it begins
	line  int
}

// vhostDump is what DUMP_VHOSTS and DUMP_RUN_CFG say.
type vhostDump struct {
	hosts                   []vhost
	root, errorLog, pidFile string
}

var (
	vhostPlace = regexp.MustCompile(`^(\S+)\s+\((.+):(\d+)\)$`)
	vhostOnly  = regexp.MustCompile(`^(\S+:\S+)\s+(\S+)\s+\((.+):(\d+)\)$`)
	runConfig  = regexp.MustCompile(`^(ServerRoot|Main ErrorLog|PidFile): "(.*)"$`)
)

// parseVHosts reads the dump. An address with one host is one line; one with several begins a list, in which the
// default server is named a second time.
func parseVHosts(out string) vhostDump {
	var d vhostDump
	address := ""
	for _, s := range strings.Split(out, "\n") {
		s = strings.TrimRight(s, " \r")
		trimmed := strings.TrimSpace(s)
		switch {
		case runConfig.MatchString(s):
			d.set(runConfig.FindStringSubmatch(s))
		case strings.HasSuffix(trimmed, " is a NameVirtualHost"):
			address = strings.TrimSpace(strings.TrimSuffix(trimmed, "is a NameVirtualHost"))
		case vhostOnly.MatchString(s):
			m := vhostOnly.FindStringSubmatch(s)
			d.add(m[1], m[2], m[3], m[4])
			address = ""
		case address != "" && strings.HasPrefix(trimmed, "port "):
			if words := strings.SplitN(trimmed, " ", 4); len(words) == 4 && words[2] == "namevhost" {
				if m := vhostPlace.FindStringSubmatch(words[3]); m != nil {
					d.add(address, m[1], m[2], m[3])
				}
			}
		case strings.HasPrefix(trimmed, "alias "), strings.HasPrefix(trimmed, "wild alias "):
			if n := len(d.hosts); n > 0 {
				d.hosts[n-1].names = append(d.hosts[n-1].names, trimmed[strings.LastIndexByte(trimmed, ' ')+1:])
			}
		}
	}
	return d
}

func (d *vhostDump) set(m []string) {
	switch m[1] {
	case "ServerRoot":
		d.root = m[2]
	case "Main ErrorLog":
		d.errorLog = m[2]
	default:
		d.pidFile = m[2]
	}
}

func (d *vhostDump) add(address, name, path, number string) {
	host, port, err := net.SplitHostPort(address)
	n, _ := strconv.Atoi(number)
	p := portNumber(port)
	if err != nil || p == 0 || n == 0 {
		return
	}
	if host == "*" || host == "_default_" || host == "0.0.0.0" {
		host = ""
	}
	d.hosts = append(d.hosts, vhost{host, p, []string{name}, path, n})
}

// apacheLine is a directive: its name in lower case, the value its first argument. Sections are named "<virtualhost".
type apacheLine struct {
	name string
	directive
}

// parseApache reads the directives of a file; lines that end in a backslash go on. What an <IfModule !...> or
// <IfDefine !...> section holds is left out, since what it waits for to be missing is there.
func parseApache(path, text string) []apacheLine {
	var all []apacheLine
	skipping := 0
	number := 0
	for at := 0; at < len(text); {
		from, first := at, number+1
		end := at
		for {
			i := strings.IndexByte(text[end:], '\n')
			if i < 0 {
				end, at = len(text), len(text)
				number++
				break
			}
			end += i
			number++
			at = end + 1
			if end == from || text[end-1] != '\\' {
				break
			}
			end++
		}
		l, ok := apacheDirective(path, text, from, end, first)
		if !ok {
			continue
		}
		switch negative := strings.HasPrefix(l.value, "!") && (l.name == "<ifmodule" || l.name == "<ifdefine"); {
		case negative, skipping > 0 && strings.HasPrefix(l.name, "<if"):
			skipping++
		case skipping > 0 && strings.HasPrefix(l.name, "</if"):
			skipping--
		case skipping == 0:
			all = append(all, l)
		}
	}
	return all
}

func apacheDirective(path, text string, from, end, number int) (apacheLine, bool) {
	for from < end && isBlank(text[from]) {
		from++
	}
	for end > from && isBlank(text[end-1]) {
		end--
	}
	if from == end || text[from] == '#' {
		return apacheLine{}, false
	}
	nameEnd := from
	for nameEnd < end && !isBlank(text[nameEnd]) && text[nameEnd] != '\\' {
		nameEnd++
	}
	d := directive{path: path, line: number, from: from, to: end}
	d.valueFrom = nameEnd
	for d.valueFrom < end && (isBlank(text[d.valueFrom]) || text[d.valueFrom] == '\\' || text[d.valueFrom] == '\n') {
		d.valueFrom++
	}
	d.valueTo, d.value = apacheArgument(text, d.valueFrom, end)
	return apacheLine{strings.ToLower(text[from:nameEnd]), d}, true
}

// apacheArgument reads the first argument, which may be quoted.
func apacheArgument(text string, from, end int) (to int, value string) {
	if from < end && (text[from] == '"' || text[from] == '\'') {
		if i := strings.IndexByte(text[from+1:end], text[from]); i >= 0 {
			return from + i + 2, text[from+1 : from+1+i]
		}
	}
	to = from
	for to < end && !isBlank(text[to]) && text[to] != '\n' {
		to++
	}
	return to, strings.TrimSuffix(text[from:to], ">")
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' }
