//go:build linux

package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/storetest"
	"certdesk/ui/ptytest"
)

// TestBudgets measures whole processes and prints the README's table; it judges nothing, since a slow minute is no
// defect. CERTDESK_BUDGETS=1 go test ./ui/cli/e2e -run TestBudgets -v
func TestBudgets(t *testing.T) {
	if os.Getenv("CERTDESK_BUDGETS") == "" {
		t.Skip("set CERTDESK_BUDGETS=1 to measure")
	}
	var table strings.Builder
	row := func(what, budget, format string, args ...any) {
		fmt.Fprintf(&table, "| %s | %s | %s |\n", what, budget, fmt.Sprintf(format, args...))
	}
	for _, m := range []struct {
		name    string // to measure it alone: -run TestBudgets/new
		measure func(*testing.T, addRow)
	}{{"desk", measureDesk}, {"new", measureNew}, {"live", measureLive}, {"idle", measureIdle}, {"keys", measureKeys}, {"list", measureList}, {"check", measureCheck}} {
		t.Run(m.name, func(t *testing.T) { m.measure(t, row) })
	}
	info, err := os.Stat(binary(t))
	if err != nil {
		t.Fatal(err)
	}
	row("binary, built as Start says", "20 MB", "%.1f MB", float64(info.Size())/1e6)
	t.Log("\n| what | budget | measured |\n|---|---|---|\n" + table.String())
}

type addRow func(what, budget, format string, args ...any)

// bigSite is a site whose store has n entries.
func bigSite(t *testing.T, n int) *site {
	t.Helper()
	s := newSite(t)
	if err := storetest.Fill(s.store, n, time.Now()); err != nil {
		t.Fatal(err)
	}
	return s
}

func medianOf(t *testing.T, runs int, once func() time.Duration) time.Duration {
	t.Helper()
	var all []time.Duration
	for range runs {
		all = append(all, once())
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func measureDesk(t *testing.T, row addRow) {
	for _, n := range []int{10_000, 100_000} {
		s := bigSite(t, n)
		var memory string
		runs := 9
		if n > 10_000 {
			runs = 3
		}
		var frames, tables []time.Duration
		for range runs {
			started := time.Now()
			term := s.terminal(exec.Command(binary(t), s.args()...))
			until(term, "certdesk", 5*time.Second)
			frames = append(frames, time.Since(started))
			until(term, "server 0", 30*time.Second)
			tables = append(tables, time.Since(started))
			time.Sleep(300 * time.Millisecond)
			memory = peak(t, term.Cmd.Process.Pid)
			term.Cmd.Process.Kill()
			_ = term.Ended()
		}
		slices.Sort(frames)
		slices.Sort(tables)
		if n == 10_000 {
			row("first frame, 10,000 entries, a terminal that answers no query", "50 ms", "%d ms", frames[len(frames)/2].Milliseconds())
			row("whole table shown, 10,000 entries", "0.5 s", "%.2f s", tables[len(tables)/2].Seconds())
			row("memory, desk open on 10,000 entries", "100 MB", "%s", memory)
			continue
		}
		row("whole table shown, 100,000 entries", "4 s", "%.2f s", tables[len(tables)/2].Seconds())
		row("memory, desk open on 100,000 entries", "600 MB", "%s", memory)
	}
}

// until is Wait with a fine clock.
func until(t *ptytest.Terminal, word string, limit time.Duration) {
	t.Helper()
	for deadline := time.Now().Add(limit); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if strings.Contains(t.Shown(), word) {
			return
		}
	}
	t.Fatalf("%q never appeared", word)
}

// peak is the most memory a process ever held.
func peak(t *testing.T, pid int) string {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(data), "\n") {
		if f := strings.Fields(line); len(f) > 1 && f[0] == "VmHWM:" {
			kb, _ := strconv.Atoi(f[1])
			return fmt.Sprintf("%d MB", kb/1024)
		}
	}
	return "?"
}

func measureNew(t *testing.T, row addRow) {
	for _, n := range []int{0, 1000, 10_000} {
		s := bigSite(t, n)
		i := 0
		took := medianOf(t, 15, func() time.Duration {
			i++
			started := time.Now()
			s.ok(s.request(fmt.Sprintf("r%d", i))[4:]...)
			return time.Since(started)
		})
		budget := "30 ms"
		if n > 0 {
			budget = fmt.Sprintf("30 ms + %d ms", 15*n/1000)
		}
		row(fmt.Sprintf("`new --generate-request` as a process (P-256 key), %d entries", n), budget, "%d ms", took.Milliseconds())
	}
}

func measureLive(t *testing.T, row addRow) {
	s := bigSite(t, 4)
	term := s.terminal(exec.Command(binary(t), s.args()...))
	until(term, "server 0", 5*time.Second)
	i := 0
	took := medianOf(t, 9, func() time.Duration {
		i++
		name := fmt.Sprintf("live-%d", i)
		s.ok(s.request(name)[4:]...)
		started := time.Now()
		until(term, name, 5*time.Second)
		return time.Since(started)
	})
	row("a change by another process, from its end to the screen", "250 ms", "%d ms", took.Milliseconds())
}

// measureIdle leaves a desk alone for three looks at every daemon of this host, each with the minute before it.
func measureIdle(t *testing.T, row addRow) {
	s := bigSite(t, 3000)
	config := s.file("looks.toml") // that of a site looks for no daemon
	if err := os.WriteFile(config, []byte("discover = true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	term := s.terminal(exec.Command(binary(t), "--store", s.store, "--config", config))
	until(term, "server 0", 5*time.Second)
	time.Sleep(5 * time.Second) // until the first look has ended
	const watched = 3 * time.Minute
	own, tools := ticks(t, term.Cmd.Process.Pid)
	time.Sleep(watched)
	ownThen, toolsThen := ticks(t, term.Cmd.Process.Pid)
	share := func(n int) float64 { return float64(n) / ticksPerSecond / watched.Seconds() * 100 }
	row("an idle desk on 3,000 entries, of one processor, its look at every daemon each minute included", "0.3 %",
		"%.2f %%, and %.2f %% in the daemons' own tools", share(ownThen-own), share(toolsThen-tools))
}

const ticksPerSecond = 100 // Linux has told every program so for decades (USER_HZ), whatever its clock does

// ticks are the processor time of a process, and of its children that have ended.
func ticks(t *testing.T, pid int) (own, children int) {
	t.Helper()
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	f := strings.Fields(string(data[strings.LastIndexByte(string(data), ')')+1:])) // from the third field of proc(5) on
	number := func(field int) int {
		n, err := strconv.Atoi(f[field-3])
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return number(14) + number(15), number(16) + number(17)
}

func measureKeys(t *testing.T, row addRow) {
	s := newSite(t)
	need(t, "openssl")
	for _, bits := range []string{"2048", "4096"} {
		i := 0
		ours := medianOf(t, 20, func() time.Duration {
			i++
			started := time.Now()
			s.ok("new", "--generate-request", "--domain-name", "a.example.org", "--key-size", bits, "--path", s.file(fmt.Sprintf("%s-%d.req", bits, i)))
			return time.Since(started)
		})
		theirs := medianOf(t, 20, func() time.Duration {
			started := time.Now()
			s.openssl("genrsa", "-out", "x.key", bits)
			return time.Since(started)
		})
		row("a whole request with RSA "+bits+" against `openssl genrsa` alone, medians of 20", "no slower", "%d ms against %d ms, ratio %.2f",
			ours.Milliseconds(), theirs.Milliseconds(), float64(ours)/float64(theirs))
	}
}

// measureCheck is what monitoring costs a host that has ten thousand; there is no port to ask.
func measureCheck(t *testing.T, row addRow) {
	s := bigSite(t, 10_000)
	took := func(codes []int, args ...string) time.Duration {
		return medianOf(t, 9, func() time.Duration {
			started := time.Now()
			if r := s.run(args...); !slices.Contains(codes, r.code) {
				t.Fatalf("%v: exit %d, %s%s", args, r.code, r.out, r.err)
			}
			return time.Since(started)
		})
	}
	list := took([]int{0}, "list", "--json")
	row("`check` of 10,000 certificates against `list --json`; `list --format prometheus`", "as `list`", "%.2f s against %.2f s; %.2f s",
		took([]int{2}, "check").Seconds(), list.Seconds(), took([]int{0}, "list", "--format", "prometheus").Seconds())
}

func measureList(t *testing.T, row addRow) {
	s := bigSite(t, 10_000)
	certs := t.TempDir()
	s.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "c.pem", "-subj", "/CN=a")
	text := []byte(s.read(s.file("c.pem")))
	for i := range 10_000 {
		if err := os.WriteFile(filepath.Join(certs, fmt.Sprintf("%05d.pem", i)), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	ours := medianOf(t, 5, func() time.Duration {
		started := time.Now()
		s.ok("--json", "list")
		return time.Since(started)
	})
	started := time.Now()
	loop := exec.Command("sh", "-c", `for f in "$1"/*.pem; do openssl x509 -in "$f" -noout -subject -issuer -dates -serial -fingerprint >/dev/null; done`, "sh", certs)
	if err := loop.Run(); err != nil {
		t.Fatal(err)
	}
	theirs := time.Since(started)
	row("`list --json` of 10,000 certificates against a shell loop over `openssl x509`", "100 times faster", "%.2f s against %.0f s: %.0f times",
		ours.Seconds(), theirs.Seconds(), float64(theirs)/float64(ours))
}
