package enabling_test

import (
	"strings"
	"testing"

	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

var enableScenes = []uitest.Scene{
	{Name: "table-ports", Open: func(r *uitest.Driver) { uitest.SurveyedDesk(r); r.Onto(3) }},
	{Name: "ports", Open: func(r *uitest.Driver) { uitest.SurveyedDesk(r); r.Keys("t") }},
	{Name: "ports-none", Open: func(r *uitest.Driver) { r.Keys("t") }},
	{Name: "adopt", Open: func(r *uitest.Driver) {
		uitest.SurveyedDesk(r)
		r.Onto(words.StrangerID(strings.Repeat("ab", 32)))
		r.Keys("a")
		r.Wait()
	}},
	{Name: "enable-plan", Open: func(r *uitest.Driver) { uitest.PlanScene(r) }},
	{Name: "enable-question", Open: func(r *uitest.Driver) { uitest.PlanScene(r); r.Keys("tab", "enter"); r.Wait() }},
	{Name: "enable-steps", Open: stepsScene},
	{Name: "enable-back", Open: backScene},
}

func TestEnableScenes(t *testing.T) { uitest.Check(t, enableScenes) }

func TestEnablingInEveryLook(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	uitest.PlanScene(r)
	r.Sees("What will be done")
	r.InEveryLook(true)
	r = uitest.ArticleDesk(t, 80, 24)
	backScene(r)
	r.Sees("rolled back")
	r.InEveryLook(false)
}
