package settings

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore/config"
	"certdesk/certstore/enabling"
	"certdesk/certstore/services"
	"certdesk/ui/kit"
)

// row is a setting with what holds now.
type row struct {
	setting
	value, from string
}

// rowsOf are the settings of a file. server is what this server is called where the file does not say; found are the
// services that were found where it names none.
func rowsOf(f config.File, server string, found []services.Instance) (list []row) {
	for _, s := range single {
		list = append(list, singleRow(f, s, server))
	}
	list = append(list, notifyRows(f)...)
	for i, s := range f.Config.Services {
		in := services.Instance{Use: s.Use, Driver: s.Driver, Config: s.Config}
		list = append(list, row{serviceSetting(i), kit.Printable(serviceWords(in, s.Listen)),
			lineOf(f, config.Change{Table: "service", At: i})})
	}
	if len(f.Config.Services) == 0 {
		for _, in := range found {
			list = append(list, foundRow(in))
		}
	}
	list = append(list, addRow(serviceSetting(len(f.Config.Services)), "another service"))
	list = append(list, acmeRows(f)...)
	for i, n := range f.Config.Filters {
		list = append(list, row{filterSetting(i), kit.Printable(n.Name + ": " + n.Show),
			lineOf(f, config.Change{Table: "filter", At: i})})
	}
	return append(list, addRow(filterSetting(len(f.Config.Filters)), "another filter"))
}

func singleRow(f config.File, s setting, server string) row {
	a := s.asks[0]
	c := s.change(a.key)
	text := kit.Printable(typed(f.Value(c), a.shape))
	switch {
	case text != "":
		return row{s, text, lineOf(f, c)}
	case a.key == "server":
		return row{s, kit.Printable(server), "this host"}
	}
	return row{s, s.unset, "default"}
}

func lineOf(f config.File, c config.Change) string { return "line " + strconv.Itoa(f.Line(c)) }

func serviceSetting(i int) setting {
	return setting{name: fmt.Sprintf("Service %d", i+1), table: "service", at: i, asks: ofService,
		about: "A daemon that is given certificates, and whose ports are asked."}
}

func filterSetting(i int) setting {
	return setting{name: fmt.Sprintf("Filter %d", i+1), table: "filter", at: i, asks: ofFilter,
		about: "A filter of the table under a name; the first nine are on the digits."}
}

func addRow(s setting, what string) row {
	s.adds, s.name = true, "Add"
	return row{s, what, ""}
}

// foundRow is a service that is not in the file: with enter it comes there.
func foundRow(in services.Instance) row {
	s := serviceSetting(0)
	s.adds, s.name = true, "Service"
	s.about = "It was found on this host. Named in the file, it is the only one that is used, until others are named too."
	s.given = map[string]any{"use": in.Use, "driver": in.Driver, "config": in.Config}
	return row{s, kit.Printable(serviceWords(in, nil)), "found here"}
}

func serviceWords(in services.Instance, listen []string) string {
	parts := []string{in.Use + " by " + in.Driver}
	if in.Config != "" {
		parts = append(parts, in.Config)
	}
	return strings.Join(append(parts, listen...), ", ")
}

// foundBy are the services of a survey, each once.
func foundBy(v *enabling.Survey) (list []services.Instance) {
	if v == nil {
		return nil
	}
	for _, p := range v.Ports {
		in := services.Instance{Use: p.Service.Use, Driver: p.Service.Driver, Config: p.Service.Config}
		if !slices.ContainsFunc(list, func(o services.Instance) bool {
			return o.Use == in.Use && o.Driver == in.Driver && o.Config == in.Config
		}) {
			list = append(list, in)
		}
	}
	return list
}
