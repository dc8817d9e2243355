package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"certdesk/ui/uitest"
)

// monitored is a file that is shipped for a monitoring system.
func monitored(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("monitored", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// judged runs a program that judges a file, and wants no word of what it must not say.
func judged(t *testing.T, not, program string, args ...string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		uitest.Missing(t, program)
	}
	said, err := exec.Command(program, args...).CombinedOutput()
	if err != nil || not != "" && strings.Contains(string(said), not) {
		t.Errorf("%s %s: %v\n%s", program, strings.Join(args, " "), err, said)
	}
}

// shippedCommand is a command of certdesk in a file that is shipped: behind a path or none, up to what ends it.
var shippedCommand = regexp.MustCompile(`(?m)(?:^ExecStart=|\|\| |^UserParameter=[^,]*,|^\s*command_line\s+|\]=)(?:/usr/bin/)?certdesk (.*?)(?: 2?>.*)?$`)

// Every command that is shipped is one that there is, on a store that is well.
func TestMonitoringCallsCommandsThatThereAre(t *testing.T) {
	o := newOffice(t)
	o.valid("mail.example.org")
	commands := 0
	for _, name := range []string{"nagios.cfg", "zabbix-agent.conf", "certdesk-metrics.service", "certdesk-metrics.cron"} {
		for _, found := range shippedCommand.FindAllStringSubmatch(monitored(t, name), -1) {
			commands++
			line := strings.NewReplacer("/var/lib/prometheus/node-exporter", o.dir, "$ARG1$", "--expect-name mail.example.org",
				"--service '$1' ", "", "'$2'", "mail.example.org").Replace(found[1])
			if r := o.run(strings.Fields(line)...); r.code != 0 || strings.Contains(r.out, "UNKNOWN") {
				t.Errorf("%s runs %q: exit %d, %s%s", name, line, r.code, r.out, r.err)
			}
		}
	}
	if commands != 6 {
		t.Errorf("%d commands were found", commands)
	}
	if text, err := os.ReadFile(o.path("certdesk.prom")); err != nil || !strings.Contains(string(text), `name="mail.example.org"`) {
		t.Errorf("%v %s", err, text)
	}
}

func TestTheRulesForPrometheus(t *testing.T) {
	t.Parallel()
	judged(t, "FAILED", "promtool", "check", "rules", "--lint=all", "--lint-fatal", filepath.Join("monitored", "prometheus-rules.yml"))
	judged(t, "FAILED", "promtool", "test", "rules", filepath.Join("monitored", "prometheus-rules_test.yml"))
}

// metricName is a metric of ours within a query.
var metricName = regexp.MustCompile(`\bcertdesk_[a-z_]+`)

// Rules and panels ask for figures that there are, and in a language that Prometheus understands.
func TestMonitoringAsksForFiguresThatThereAre(t *testing.T) {
	o := newOffice(t)
	o.valid("mail.example.org")
	var have []string
	for _, found := range regexp.MustCompile(`(?m)^# TYPE (\w+) gauge$`).FindAllStringSubmatch(o.must("list", "--format", "prometheus").out, -1) {
		have = append(have, found[1])
	}
	queries := panelQueries(t)
	for _, text := range append(queries, monitored(t, "prometheus-rules.yml"), monitored(t, "grafana-dashboard.json"), monitored(t, "prometheus-rules_test.yml")) {
		for _, name := range metricName.FindAllString(text, -1) {
			if !slices.Contains(have, name) {
				t.Errorf("there is no metric %s: %.80s", name, text)
			}
		}
	}
	var rules strings.Builder
	rules.WriteString("groups:\n- name: panels\n  rules:\n")
	for i, q := range queries {
		fmt.Fprintf(&rules, "  - {record: panel:%d, expr: %q}\n", i, q)
	}
	judged(t, "FAILED", "promtool", "check", "rules", o.write("panels.yml", rules.String()))
}

// panelQueries are the queries of the panels that are shipped.
func panelQueries(t *testing.T) (list []string) {
	t.Helper()
	var board struct {
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(monitored(t, "grafana-dashboard.json")), &board); err != nil {
		t.Fatal(err)
	}
	for _, p := range board.Panels {
		if len(p.Targets) != 1 || p.Targets[0].Expr == "" || p.Title == "" {
			t.Errorf("a panel without a query: %+v", p)
			continue
		}
		list = append(list, p.Targets[0].Expr)
	}
	if len(list) != 6 {
		t.Errorf("%d panels", len(list))
	}
	return list
}

func TestTheUnitsThatWriteFigures(t *testing.T) {
	verify, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("SKIPPED: systemd-analyze is not here")
	}
	dir := t.TempDir()
	for _, name := range []string{"certdesk-metrics.service", "certdesk-metrics.timer"} {
		here := strings.Replace(monitored(t, name), "ExecStart=certdesk", "ExecStart=/bin/true", 1) // it is not installed here
		if err := os.WriteFile(filepath.Join(dir, name), []byte(here), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	said, err := exec.Command(verify, "verify", filepath.Join(dir, "certdesk-metrics.service"), filepath.Join(dir, "certdesk-metrics.timer")).CombinedOutput()
	if err != nil || len(said) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, said)
	}
}

// Zabbix takes a template whose items have UUIDs of version 4, each its own, and paths into what check prints.
func TestTheTemplateForZabbix(t *testing.T) {
	text := monitored(t, "zabbix-template.yaml")
	seen := map[string]bool{}
	for _, found := range regexp.MustCompile(`uuid: (\S+)`).FindAllStringSubmatch(text, -1) {
		if id := found[1]; seen[id] || id != "7df96b18c230490a9a0a9e2307226338" && !regexp.MustCompile(`^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$`).MatchString(id) {
			t.Errorf("%s is no UUID, or there twice", id)
		}
		seen[found[1]] = true
	}
	o := newOffice(t)
	o.valid("mail.example.org")
	said := o.must("check", "--json").out
	paths := regexp.MustCompile(`(?:\$|\bsaid)\.[\w.]+`).FindAllString(text, -1)
	for _, path := range paths {
		for part := range strings.SplitSeq(path[strings.Index(path, ".")+1:], ".") {
			if !strings.Contains(said, `"`+part+`":`) {
				t.Errorf("check --json has no %s", path)
			}
		}
	}
	if len(seen) != 10 || len(paths) != 8 {
		t.Errorf("%d UUIDs, %d paths: the test sees nothing", len(seen), len(paths))
	}
}
