package cli

import (
	"fmt"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/printable"
	"certdesk/certstore/services"
)

// jsonEnablePlan is what enable --print shows.
type jsonEnablePlan struct {
	Entry    jsonEntry         `json:"entry"`
	Warnings []string          `json:"warnings"`
	Services []jsonServicePlan `json:"services"`
}

// jsonServicePlan is the part of one service.
type jsonServicePlan struct {
	Service  string      `json:"service"`
	Use      string      `json:"use"`
	Driver   string      `json:"driver"`
	Refused  *jsonError  `json:"refused"` // why it would be left alone
	Passed   bool        `json:"passed"`  // refused is no failure: another service of this use takes the certificate
	Slots    []jsonSlot  `json:"slots"`
	Drops    []string    `json:"drops"`   // keys of another type that would not be served any more
	Nothing  bool        `json:"nothing"` // its files are as they should be
	Running  bool        `json:"running"`
	Serves   []jsonPort  `json:"serves"`
	Replaces *jsonEntry  `json:"replaces"` // the default SMTP certificate a person is asked about
	Lost     []string    `json:"lost"`     // names that are served now and would not be
	Keeps    []jsonEntry `json:"keeps"`
	Files    []jsonFile  `json:"files"`
	Diff     string      `json:"diff"`
	Commands []string    `json:"commands"`
	Prove    []jsonAsked `json:"prove"`
	Left     []jsonLeft  `json:"left"`
	Warnings []string    `json:"warnings"`
}

type jsonFile struct {
	Path       string `json:"path"`
	Mode       string `json:"mode"`
	Owner      string `json:"owner"`
	PrivateKey bool   `json:"privateKey"`
}

type jsonAsked struct {
	Listen string `json:"listen"`
	Name   string `json:"name"` // to ask for; "" for none
}

type jsonLeft struct {
	Slot  string `json:"slot"`
	Where string `json:"where"`
	Why   string `json:"why"`
}

// jsonSlot is what becomes of a slot.
type jsonSlot struct {
	Slot  string   `json:"slot"`
	Where []string `json:"where"`
	Now   []string `json:"now"`
	Takes bool     `json:"takes"`
	Why   string   `json:"why"` // it is left
}

func slotsJSON(slots []enabling.SlotPlan) []jsonSlot {
	out := []jsonSlot{}
	for _, s := range slots {
		out = append(out, jsonSlot{printable.Text(s.Slot), append([]string{}, s.Where...), append([]string{}, s.Now...),
			s.Takes, printable.Text(s.Why)})
	}
	return out
}

func leftJSON(sites []services.Site) []jsonLeft {
	out := []jsonLeft{}
	for _, s := range sites {
		out = append(out, jsonLeft{printable.Text(s.Slot()), printable.Text(s.Where), printable.Text(s.Fixed)})
	}
	return out
}

func (a *app) planJSON(p enabling.Plan) jsonEnablePlan {
	out := jsonEnablePlan{Entry: entryJSON(p.Entry), Warnings: printable.Texts(p.Warnings), Services: []jsonServicePlan{}}
	for _, sp := range p.Services {
		out.Services = append(out.Services, a.servicePlanJSON(sp))
	}
	return out
}

func (a *app) servicePlanJSON(sp enabling.ServicePlan) jsonServicePlan {
	out := jsonServicePlan{Service: certstore.ServiceTitle(sp.Service), Use: sp.Service.Use, Driver: sp.Service.Driver,
		Nothing: sp.Plan.Nothing, Running: sp.Plan.Running, Serves: a.servedPortsJSON(sp.Serves), Lost: append([]string{}, sp.Lost...), Keeps: entriesJSON(sp.Keeps),
		Files: filesJSON(sp.Plan.Files), Diff: sp.Plan.Diff(), Commands: printable.Texts(sp.Plan.Commands), Prove: askedJSON(sp.Plan.Prove),
		Left: leftJSON(sp.Plan.Left), Slots: slotsJSON(sp.Slots(a.io.Now())), Passed: sp.Unmeant, Drops: printable.Texts(sp.Drops),
		Warnings: printable.Texts(sp.Warnings)}
	if sp.Err != nil {
		e := errorJSON(sp.Err)
		out.Refused = &e
	}
	if sp.Replaces != nil {
		e := entryJSON(sp.Replaces.Entry)
		out.Replaces = &e
	}
	return out
}

func filesJSON(files []services.File) []jsonFile {
	out := []jsonFile{}
	for _, f := range files {
		out = append(out, jsonFile{printable.Text(f.Path), fmt.Sprintf("%04o", f.Mode.Perm()), f.Owner, f.Secret})
	}
	return out
}

func askedJSON(proofs []services.Proof) []jsonAsked {
	out := []jsonAsked{}
	for _, p := range proofs {
		out = append(out, jsonAsked{printable.Text(p.URL), p.Name})
	}
	return out
}
