package plain

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/monitoring"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/ui/words"
)

// mostChecked is how many bytes of a plugin's answer every monitoring system takes; mostSaid is how much of them the
// sentence of the first line may have.
const (
	mostChecked = 4000
	mostSaid    = 600
)

// Check is the answer of a monitoring plugin: one line with its numbers behind a bar, then a line for each item that is
// not well, as many as are taken.
func Check(q monitoring.Question, r monitoring.Report) string {
	out := CheckLine(r.State, CheckWords(q, r)) + " | " + numbers(q, r) + "\n"
	bad := wrong(r)
	for i, it := range bad {
		line := "[" + it.State.String() + "] " + unbarred(itemWords(it), mostSaid) + "\n"
		if len(out)+len(line) > mostChecked {
			return out + fmt.Sprintf("and %d more: `certdesk list` shows them\n", len(bad)-i)
		}
		out += line
	}
	for _, line := range remarked(r) {
		if len(out)+len(line) > mostChecked {
			break
		}
		out += line
	}
	return out
}

// remarked is a line for each warning on what is well: no alarm, and it should be known.
func remarked(r monitoring.Report) (lines []string) {
	for _, it := range r.Items {
		if it.State != monitoring.OK || it.Entry == nil || it.Entry.Settled() {
			continue
		}
		for _, f := range it.Entry.Verdict.Findings {
			if f.Severity != trust.Info {
				lines = append(lines, "[OK] "+unbarred(words.Label(*it.Entry)+": "+f.Text, mostSaid)+"\n")
			}
		}
	}
	return lines
}

// CheckLine is the first line of a plugin's answer, without its numbers.
func CheckLine(s monitoring.State, text string) string {
	return "CERTDESK " + s.String() + " - " + unbarred(text, mostSaid)
}

// unbarred is text that starts no numbers: those stand behind a bar.
func unbarred(text string, most int) string {
	text = strings.ReplaceAll(printable.Text(text), "|", "/")
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most-3]) + "..."
	}
	return text
}

// CheckWords is the sentence of the first line: the worst, and how many are well.
func CheckWords(q monitoring.Question, r monitoring.Report) string {
	bad := wrong(r)
	if len(bad) == 0 {
		return well(q, r)
	}
	text := itemWords(bad[0])
	if n := len(bad) - 1; n > 0 {
		text += fmt.Sprintf(", and %d more", n)
	}
	if fine := r.Counts.Certificates - r.Counts.Expiring - r.Counts.Invalid; r.Counts.Certificates > 1 {
		text += fmt.Sprintf("; %d of %s fine", fine, words.Count(r.Counts.Certificates, "certificate"))
	}
	return text
}

// well also says how long that will last: an alarm that is silent because it looks at the wrong thing shows it there.
func well(q monitoring.Question, r monitoring.Report) string {
	text := words.Count(r.Counts.Certificates, "certificate") + " fine"
	if r.Next != nil {
		text += ", the first to end has " + words.Left(*r.Next.Entry, q.Now) + ": " + words.Label(*r.Next.Entry)
	}
	return text
}

func wrong(r monitoring.Report) (list []monitoring.Item) {
	for _, it := range r.Items {
		if it.State != monitoring.OK {
			list = append(list, it)
		}
	}
	return list
}

func itemWords(it monitoring.Item) string {
	if it.Entry == nil {
		return it.Text
	}
	return words.Label(certstore.Entry(*it.Entry)) + ": " + it.Text
}

// numbers is the performance data: of each label a number, and for the days the ranges that are alarms.
func numbers(q monitoring.Question, r monitoring.Report) string {
	c, days := r.Counts, ""
	if r.Next != nil {
		days = fmt.Sprintf("min_days=%s;%s:;%s: ", inDays(r.Next.Entry.NotAfter.Sub(q.Now)), inDays(r.Limits.Warning),
			inDays(r.Limits.Critical))
	}
	return days + fmt.Sprintf("certificates=%d expiring=%d invalid=%d pending=%d ports=%d ports_wrong=%d",
		c.Certificates, c.Expiring, c.Invalid, c.Pending, c.Ports, c.PortsWrong)
}

// inDays counts days with as many decimals as a life of hours needs.
func inDays(d time.Duration) string {
	return strconv.FormatFloat(math.Floor(d.Hours()/24*100)/100, 'f', -1, 64)
}
