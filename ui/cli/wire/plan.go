package wire

import (
	"fmt"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/evidence"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
	"certdesk/wizard"
)

// EnablePlan is what enable --print shows.
type EnablePlan struct {
	Entry    Entry         `json:"entry"`
	Warnings []string      `json:"warnings"`
	Services []ServicePlan `json:"services"`
}

// ServicePlan is the part of one service.
type ServicePlan struct {
	Service  string   `json:"service"`
	Use      string   `json:"use"`
	Driver   string   `json:"driver"`
	Refused  *Error   `json:"refused"` // why it would be left alone
	Passed   bool     `json:"passed"`  // refused is no failure: another service of this use takes the certificate
	Slots    []Slot   `json:"slots"`
	Drops    []string `json:"drops"`   // keys of another type that would not be served any more
	Nothing  bool     `json:"nothing"` // its files are as they should be
	Running  bool     `json:"running"`
	Serves   []Port   `json:"serves"`
	Replaces *Entry   `json:"replaces"` // the default SMTP certificate a person is asked about
	Lost     []string `json:"lost"`     // names that are served now and would not be
	Keeps    []Entry  `json:"keeps"`
	Files    []File   `json:"files"`
	Diff     string   `json:"diff"`
	Commands []string `json:"commands"`
	Prove    []Asked  `json:"prove"`
	Left     []Left   `json:"left"`
	Warnings []string `json:"warnings"`
}

// File is a file that would be put.
type File struct {
	Path       string `json:"path"`
	Mode       string `json:"mode"`
	Owner      string `json:"owner"`
	PrivateKey bool   `json:"privateKey"`
}

// Asked is a port that is asked for a proof.
type Asked struct {
	Listen string `json:"listen"`
	Name   string `json:"name"` // to ask for; "" for none
}

// Left is a part of a configuration that is left as it is.
type Left struct {
	Slot  string `json:"slot"`
	Where string `json:"where"`
	Why   string `json:"why"`
}

// Slot is what becomes of a slot.
type Slot struct {
	Slot  string   `json:"slot"`
	Where []string `json:"where"`
	Now   []string `json:"now"`
	Takes bool     `json:"takes"`
	Why   string   `json:"why"` // it is left
}

// PlanOf is what enable would do.
func PlanOf(p enabling.Plan, now time.Time) EnablePlan {
	return EnablePlan{EntryOf(p.Entry), printable.Texts(p.Warnings),
		each(p.Services, func(sp enabling.ServicePlan) ServicePlan { return servicePlanOf(sp, now) })}
}

func servicePlanOf(sp enabling.ServicePlan, now time.Time) ServicePlan {
	out := ServicePlan{Service: certstore.ServiceTitle(sp.Service), Use: sp.Service.Use, Driver: sp.Service.Driver,
		Refused: refusalOf(sp.Err), Passed: sp.Unmeant, Slots: each(sp.Slots(now), slotOf), Drops: printable.Texts(sp.Drops),
		Nothing: sp.Plan.Nothing, Running: sp.Plan.Running, Serves: ServicePortsOf(sp.Serves, now),
		Lost: append([]string{}, sp.Lost...), Keeps: EntriesOf(sp.Keeps), Files: each(sp.Plan.Files, fileOf),
		Diff:     sp.Plan.Diff(),
		Commands: printable.Texts(sp.Plan.Commands), Prove: each(sp.Plan.Prove, askedOf), Left: each(sp.Plan.Left, leftOf),
		Warnings: printable.Texts(sp.Warnings)}
	if sp.Replaces != nil {
		e := EntryOf(sp.Replaces.Entry)
		out.Replaces = &e
	}
	return out
}

func slotOf(s enabling.SlotPlan) Slot {
	return Slot{printable.Text(s.Slot), append([]string{}, s.Where...), append([]string{}, s.Now...), s.Takes,
		printable.Text(s.Why)}
}

func leftOf(s services.Site) Left {
	return Left{printable.Text(s.Slot()), printable.Text(s.Where), printable.Text(s.Fixed)}
}

func fileOf(f services.File) File {
	return File{printable.Text(f.Path), fmt.Sprintf("%04o", f.Mode.Perm()), f.Owner, f.Secret}
}

func askedOf(p services.Proof) Asked { return Asked{printable.Text(p.URL), p.Name} }

// Draft is what new --what-if --json prints.
type Draft struct {
	Subject  string            `json:"subject"`
	Names    []Name            `json:"names"`
	Review   map[string]string `json:"review"`
	Findings []Finding         `json:"findings"`
	Command  string            `json:"command"` // the certdesk command that makes the same
	Shell    string            `json:"shell"`   // the Exchange Management Shell's

	Requests []Part `json:"requests,omitempty"` // where the names are split
}

// Part is one of several requests that the names are split into.
type Part struct {
	FriendlyName string   `json:"friendlyName"`
	Subject      string   `json:"subject"`
	Names        []string `json:"names"`
	Path         string   `json:"path,omitempty"`
}

func partOf(r issuing.Request) Part {
	return Part{printable.Text(r.FriendlyName), printable.Text(r.Subject.String()),
		each(r.Names, func(n names.Name) string { return n.Value }), printable.Text(r.Path)}
}

// Name is a name that the certificate would have, and why.
type Name struct {
	Name       string   `json:"name"`
	Kind       string   `json:"kind"`
	Reasons    []string `json:"reasons"`
	CommonName bool     `json:"commonName"`

	Evidence *evidence.Result `json:"evidence,omitempty"` // what DNS says of it, where that was asked for
}

// Finding is a remark, and the one next step where there is one.
type Finding struct {
	trust.Finding
	Next string `json:"next,omitempty"`
}

// FindingOf is a finding as scripts know it.
func FindingOf(f trust.Finding) Finding { return Finding{f, printable.Text(f.Next())} }

// FindingsOf are the findings of the wizard as an entry has them.
func FindingsOf(list []wizard.Finding) []Finding {
	return each(list, func(f wizard.Finding) Finding { return Finding{Finding: f.Plain()} })
}

// DraftOf is what would be made of answers; found is what DNS says of the names, where it was asked.
func DraftOf(answers wizard.Answers, env wizard.Env, list []issuing.Request, found map[string]evidence.Result) Draft {
	r := list[0]
	plan := Draft{Subject: r.Subject.String(), Names: []Name{}, Review: map[string]string{},
		Findings: FindingsOf(wizard.All(answers, env)), Command: wizard.CertdeskCommand(answers, env),
		Shell: wizard.ShellCommand(answers, env)}
	for _, c := range wizard.Expand(answers, env) {
		if c.On {
			n := Name{Name: c.Name.Value, Kind: string(c.Name.Kind), Reasons: append([]string{}, c.Reasons...),
				CommonName: c.CommonName}
			if result, known := found[c.Name.Value]; known {
				n.Evidence = &result
			}
			plan.Names = append(plan.Names, n)
		}
	}
	for _, l := range wizard.Review(r) {
		plan.Review[l.Label] = printable.Text(l.Value)
	}
	if len(list) > 1 {
		plan.Requests = each(list, partOf)
	}
	return plan
}
