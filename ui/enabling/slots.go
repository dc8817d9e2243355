package enabling

import (
	"fmt"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/services"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// slotTick is a slot of a service that a person may choose on the plan's page.
type slotTick struct {
	service services.Instance
	slot    string
	was     bool // as the plan has it
	*form.Switch
}

// mostSlots is how many slots have a tick; of more, --slot chooses.
const mostSlots = 12

// slotTicks are the slots of the services that have more than one to choose from.
func slotTicks(plans []enabling.ServicePlan, now time.Time) (ticks []slotTick) {
	for _, sp := range plans {
		var own []slotTick
		for _, slot := range sp.Slots(now) {
			told := slices.ContainsFunc(own, func(t slotTick) bool { return t.slot == slot.Slot })
			if told || !slot.Takes && !slot.Offer {
				continue
			}
			note := ""
			if len(slot.Now) > 0 {
				note = "now " + strings.Join(slot.Now, " and ")
			}
			label := ""
			switch {
			case len(own) == 0 && len(plans) > 1:
				label = certstore.ServiceTitle(sp.Service)
			case len(own) == 0:
				label = "Slots"
			}
			sw := form.NewSwitch(fmt.Sprintf("slot-%d", len(ticks)+len(own)), label, kit.Printable(slot.Slot),
				kit.Printable(note), slot.Takes).
				With("Space ticks it: a slot is a name, or the default for clients that ask for no other. "+
					"The plan is shown again before anything is done.", nil)
			own = append(own, slotTick{sp.Service, slot.Slot, slot.Takes, sw})
		}
		if len(own) > 1 {
			ticks = append(ticks, own...)
		}
	}
	if len(ticks) > mostSlots {
		return nil
	}
	return ticks
}

// ticksChanged says whether a tick is not as the plan has it.
func (s *enableScreen) ticksChanged() bool {
	for _, t := range s.slots {
		if t.On() != t.was {
			return true
		}
	}
	return false
}

// ticked are the slots as a person ticked them, of each service that has ticks.
func (s *enableScreen) ticked() (list []enabling.ServiceSlots) {
	for _, t := range s.slots {
		n := len(list)
		if n == 0 || !list[n-1].Service.Same(t.service) {
			n, list = n+1, append(list, enabling.ServiceSlots{Service: t.service})
		}
		if t.On() {
			list[n-1].Slots = append(list[n-1].Slots, t.slot)
		}
	}
	return list
}

// planForm is the plan, a tick for each slot there is to choose, and the button: what is ticked otherwise is planned
// anew before it can be enabled.
func (s *enableScreen) planForm() *form.Form {
	s.slots = slotTicks(s.plan.Services, s.d.Now())
	fields := []form.Field{form.NewNote("plan", "The plan",
		"Up and down scroll. Tab goes to the button. Nothing has been touched yet.", s.planLines)}
	for _, t := range s.slots {
		fields = append(fields, t.Switch)
	}
	fields = append(fields,
		form.NewButton("enable", "Enable it", "Does what is listed above, asks every port, and puts everything back if "+
			"one does not serve it.").
			Ready(func() bool { return s.awake }),
		form.NewButton("again", "Show the plan for these slots",
			"Looks at the services again, with the slots that are ticked now. Nothing is touched yet."))
	return form.New(fields...).Hide(func(id string) bool {
		return id == "enable" && s.ticksChanged() || id == "again" && !s.ticksChanged()
	})
}

// askDrop asks about a type of key that would not be served any more; No is the default.
func askDrop(plans []enabling.ServicePlan, yes func() tea.Cmd) screen.Make {
	var lines []string
	for _, sp := range plans {
		for _, text := range sp.Drops {
			lines = append(lines, certstore.ServiceTitle(sp.Service)+": "+kit.Printable(words.Stop(text)))
		}
	}
	q := kit.Dialog{Title: "Serve one key type fewer?", Lines: lines, Buttons: []string{"No", "Enable it"}, Danger: true}
	return screen.Ask(q, nil, yes)
}
