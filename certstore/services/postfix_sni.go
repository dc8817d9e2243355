package services

import (
	"path/filepath"
	"strings"
)

// sniSites are the names of tls_server_sni_maps. certdesk does not change them: postmap -F copies the keys into the
// table, so a new file alone changes nothing, and the table has to be as secret as the keys.
func (p *postfixConf) sniSites(ports []Site) []Site {
	var listen []Listener
	for _, s := range ports {
		listen = append(listen, s.Listen...)
	}
	if len(listen) == 0 {
		return nil
	}
	var all []Site
	for _, table := range fields(p.value["tls_server_sni_maps"]) {
		kind, path, _ := strings.Cut(table, ":")
		names := map[string][]Installed{}
		if kind == "hash" || kind == "btree" || kind == "lmdb" || kind == "texthash" || kind == "cdb" {
			if data, err := readFile(path); err == nil && filepath.IsAbs(path) {
				names = parseSNI(string(data))
			}
		}
		why := "tls_server_sni_maps (" + table + ") gives this name a certificate of its own: change it there, then run postmap -F " + table
		for _, name := range sortedKeys(names) {
			all = append(all, Site{Listen: listen, Names: []string{name}, Pairs: names[name], Where: table, Fixed: why, index: -1})
		}
		if len(names) == 0 {
			all = append(all, Site{Listen: listen, Where: table, Fixed: "tls_server_sni_maps (" + table + ") may give names certificates of their own", index: -1})
		}
	}
	return all
}

// parseSNI reads the text of an SNI table: a name and its chain files; a name with a leading dot is for those below.
func parseSNI(text string) map[string][]Installed {
	all := map[string][]Installed{}
	for _, pieces := range logicalLines(text) {
		var words []string
		for _, piece := range pieces {
			words = append(words, fields(strings.TrimRight(piece.text, "\r"))...)
		}
		if len(words) < 2 {
			continue
		}
		name := strings.ToLower(words[0])
		if strings.HasPrefix(name, ".") {
			name = "*" + name
		}
		all[name] = nil
		for _, path := range words[1:] {
			all[name] = append(all[name], Installed{path, path})
		}
	}
	return all
}
