package ui

import (
	"fmt"
	"slices"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/probe"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// BenchmarkKeyWhilePortsComeIn is a key press and its frame on 10,000 rows while 500 ports are known and, at every
// tenth key, a new survey of them comes in.
func BenchmarkKeyWhilePortsComeIn(b *testing.B) {
	r := articleDesk(b, 120, 40)
	v := &certstore.Survey{At: noon}
	for i := range 500 {
		p := port(fmt.Sprintf("smtp://10.0.%d.%d:25", i/250, i%250), probe.Matches, 3, leafOf("mail.example.org", 80))
		if i%50 == 0 {
			p.Report.Result = probe.Old
		}
		v.Ports = append(v.Ports, p)
	}
	entries := thousands(10_000)
	r.app.d.Survey = v
	r.run(r.app.own(listedMsg{listing: prepare(words.SeenBy(v, entries), sorting{})}))
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if i%10 == 0 {
			r.app.Update(screen.ReplyMsg{Seq: 0, Msg: nil})
			r.app.surveyed(surveyedMsg{survey: v})
		}
		r.app.Update(tea.KeyMsg{Type: tea.KeyDown})
		_ = r.app.View()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
}
