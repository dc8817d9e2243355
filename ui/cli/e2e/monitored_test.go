//go:build linux

package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// observed is a site with a certificate that is well, and certdesk as monitoring systems call it there.
func observed(t *testing.T) (s *site, program string) {
	t.Helper()
	if !all {
		t.Skip("SKIPPED without CERTDESK_ALL: it runs monitoring systems")
	}
	s = newSite(t)
	s.ok("new", "--domain-name", "mail.example.org", "--friendly-name", "well")
	program = s.file("bin/certdesk")
	if err := os.Mkdir(s.file("bin"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.write(program, "#!/bin/sh\nexec "+binary(t)+" "+strings.Join(s.args(), " ")+` "$@"`+"\n")
	if err := os.Chmod(program, 0o755); err != nil {
		t.Fatal(err)
	}
	return s, program
}

// shipped is a file for a monitoring system.
func shipped(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "monitored", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// nagiosBase is what a configuration of Nagios has besides: the templates of Debian are much the same.
const nagiosBase = `define timeperiod {
  timeperiod_name 24x7
  alias all
  sunday 00:00-24:00
}
define command {
  command_name nothing
  command_line /bin/true
}
define contact {
  contact_name me
  host_notification_commands nothing
  service_notification_commands nothing
  host_notification_period 24x7
  service_notification_period 24x7
}
define host {
  host_name localhost
  address 127.0.0.1
  check_command nothing
  max_check_attempts 1
  contacts me
}
define service {
  name generic-service
  register 0
  max_check_attempts 1
  contacts me
}
`

func TestNagiosRunsTheCheck(t *testing.T) {
	s, program := observed(t)
	nagios, me := need(t, "nagios4"), currentUser(t)
	if err := os.Mkdir(s.file("results"), 0o755); err != nil {
		t.Fatal(err)
	}
	s.write(s.file("base.cfg"), nagiosBase)
	s.write(s.file("certdesk.cfg"), strings.ReplaceAll(shipped(t, "nagios.cfg"), "/usr/bin/certdesk", program))
	s.write(s.file("nagios.cfg"), strings.ReplaceAll(`log_file=DIR/log
object_cache_file=DIR/objects
status_file=DIR/status
command_file=DIR/cmd
lock_file=DIR/lock
temp_file=DIR/tmp
temp_path=DIR
check_result_path=DIR/results
state_retention_file=DIR/retention
status_update_interval=1
interval_length=1
illegal_macro_output_chars=|
cfg_file=DIR/base.cfg
cfg_file=DIR/certdesk.cfg
`, "DIR", s.home)+fmt.Sprintf("nagios_user=%s\nnagios_group=%s\n", me, me))
	if said, err := exec.Command(nagios, "-v", s.file("nagios.cfg")).CombinedOutput(); err != nil || !strings.Contains(string(said), "Total Errors:   0") {
		t.Fatalf("nagios4 -v: %v\n%s", err, said)
	}
	s.running(nagios, s.file("nagios.cfg"))
	status := ""
	eventually(t, func() bool {
		text, _ := os.ReadFile(s.file("status"))
		status = string(text)
		return strings.Contains(status, "plugin_output=CERTDESK OK - 1 certificate fine") && strings.Contains(status, "performance_data=min_days=") &&
			strings.Contains(status, "plugin_output=CERTDESK CRITICAL - no valid certificate that is enabled for SMTP covers mail.example.org, and 1 more\n")
	}, func() string { return status })
}

func TestIcingaTakesTheCheck(t *testing.T) {
	s, program := observed(t)
	s.write(s.file("certdesk.conf"), strings.ReplaceAll(shipped(t, "icinga2.conf"), "/usr/bin/certdesk", program))
	s.write(s.file("icinga2.conf"), `object Host "mail" {
  check_command = "certdesk"
  vars.certdesk = true
  vars.certdesk_expect_name = [ "mail.example.org", "imap.example.org" ]
}
include "certdesk.conf"
`)
	args := []string{"daemon", "-C", "-c", s.file("icinga2.conf")}
	me := currentUser(t)
	for _, name := range []string{"DataDir", "InitRunDir", "CacheDir", "SpoolDir", "LogDir"} {
		args = append(args, "-D"+name+"="+s.home)
	}
	said, err := exec.Command(need(t, "icinga2"), append(args, "-DRunAsUser="+me, "-DRunAsGroup="+me)...).CombinedOutput()
	if err != nil || !strings.Contains(string(said), "Instantiated 1 Service.") || !strings.Contains(string(said), "Instantiated 1 CheckCommand.") {
		t.Errorf("icinga2: %v\n%s", err, said)
	}
}

func TestZabbixReadsTheCheck(t *testing.T) {
	s, program := observed(t)
	s.write(s.file("certdesk.conf"), shipped(t, "zabbix-agent.conf"))
	s.write(s.file("agent.conf"), "LogType=console\nServer=127.0.0.1\nAllowRoot=1\nInclude="+s.file("certdesk.conf")+"\n")
	for key, want := range map[string]string{"certdesk.check": `"state": "OK"`, "certdesk.name[SMTP,mail.example.org]": `"state": "UNKNOWN"`} {
		agent := exec.Command(need(t, "zabbix_agentd"), "-c", s.file("agent.conf"), "-t", key)
		agent.Env = append(os.Environ(), "PATH="+filepath.Dir(program)+":"+os.Getenv("PATH"))
		if said, err := agent.CombinedOutput(); err != nil || !strings.Contains(string(said), "[t|{") || !strings.Contains(string(said), want) {
			t.Errorf("zabbix_agentd -t %s: %v\n%s", key, err, said)
		}
	}
}

// The file of the timer goes through node_exporter into Prometheus, and every panel of the dashboard shows something.
func TestPrometheusReadsTheFigures(t *testing.T) {
	s, program := observed(t)
	exporter, prometheus := need(t, "prometheus-node-exporter"), need(t, "prometheus")
	s.ok("rename", "well", "--friendly-name", `hostile " \ name`)
	line := regexp.MustCompile(`(?m)^ExecStart=certdesk (.*)$`).FindStringSubmatch(shipped(t, "certdesk-metrics.service"))
	figures := exec.Command(program, strings.Fields(strings.ReplaceAll(line[1], "/var/lib/prometheus/node-exporter", s.home))...)
	if said, err := figures.CombinedOutput(); err != nil || len(said) > 0 {
		t.Fatalf("%v: %v %s", figures.Args, err, said)
	}
	node, at := freeAddress(t), freeAddress(t)
	s.running(exporter, "--collector.disable-defaults", "--collector.textfile", "--collector.textfile.directory="+s.home, "--web.listen-address="+node)
	s.write(s.file("certdesk.yml"), shipped(t, "prometheus-rules.yml"))
	s.write(s.file("prometheus.yml"), fmt.Sprintf("global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: [certdesk.yml]\n"+
		"scrape_configs: [{job_name: node, static_configs: [{targets: [%q]}]}]\n", node))
	s.running(prometheus, "--config.file="+s.file("prometheus.yml"), "--storage.tsdb.path="+s.file("tsdb"), "--web.listen-address="+at)
	ask := func(query string) (values []string) {
		answer, err := http.Get("http://" + at + "/api/v1/query?query=" + url.QueryEscape(query))
		if err != nil {
			return nil
		}
		defer answer.Body.Close()
		text, _ := io.ReadAll(answer.Body)
		var got struct {
			Data struct {
				Result []struct {
					Metric map[string]string
					Value  [2]any
				}
			}
		}
		if err := json.Unmarshal(text, &got); err != nil {
			return nil
		}
		for _, r := range got.Data.Result {
			values = append(values, fmt.Sprint(r.Metric["name"], "=", r.Value[1]))
		}
		return values
	}
	eventually(t, func() bool { return len(ask("certdesk_build_info")) == 1 }, func() string { return "nothing was scraped" })
	if got := ask(`certdesk_certificate_status{status="Valid"}`); len(got) != 1 || got[0] != `hostile " \ name=1` {
		t.Errorf("the status is %q", got)
	}
	if got := ask("node_textfile_scrape_error"); len(got) != 1 || got[0] != "=0" {
		t.Errorf("node_exporter reads with errors: %q", got)
	}
	for _, found := range regexp.MustCompile(`"expr": ("(?:[^"\\]|\\.)*")`).FindAllStringSubmatch(shipped(t, "grafana-dashboard.json"), -1) {
		var query string
		if err := json.Unmarshal([]byte(found[1]), &query); err != nil {
			t.Fatal(err)
		}
		none := strings.Contains(query, "certdesk_certificate_status") // nothing is wrong here
		if got := ask(strings.ReplaceAll(query, "$instance", ".*")); (len(got) == 0) != none {
			t.Errorf("%s: %q", query, got)
		}
	}
}

// running is a program until the test ends.
func (s *site) running(program string, args ...string) {
	s.Helper()
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = s.home
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() {
		stop()
		_ = cmd.Wait()
	})
}

// eventually waits for something, and says what there is instead.
func eventually(t *testing.T, is func() bool, instead func() string) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !is(); time.Sleep(200 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal(instead())
		}
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func currentUser(t *testing.T) string {
	t.Helper()
	u, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	return u.Username
}
