package ui_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/enabling"
	"certdesk/certstore/probe"
	"certdesk/ui"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// BenchmarkKeyWhilePortsComeIn is a key press and its frame on 10,000 rows while 500 ports are known and, at every
// tenth key, a new survey of them comes in.
func BenchmarkKeyWhilePortsComeIn(b *testing.B) {
	r := uitest.ArticleDesk(b, 120, 40)
	v := &enabling.Survey{At: uitest.Noon}
	for i := range 500 {
		p := uitest.Port(fmt.Sprintf("smtp://10.0.%d.%d:25", i/250, i%250), probe.Matches, 3, uitest.LeafOf("mail.example.org", 80))
		if i%50 == 0 {
			p.Report.Result = probe.Old
		}
		v.Ports = append(v.Ports, p)
	}
	entries := uitest.Thousands(10_000)
	r.Desk.Survey = v
	r.Relisted(words.SeenBy(v, entries)...)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if i%10 == 0 {
			r.App.Update(screen.ReplyMsg{Seq: 0, Msg: nil})
			r.App.Surveyed(ui.MakeSurveyedMsg(v))
		}
		r.App.Update(tea.KeyMsg{Type: tea.KeyDown})
		_ = r.App.View()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
}
