package exporting

import (
	"certdesk/certstore/formats"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// exportPassword is the password of what is exported: typed twice, or made up and shown once beside what it opens.
type exportPassword struct {
	pass  *form.Password
	again *form.Password
	made  string // what was made up, until the screen is left
}

func newExportPassword(hint string) *exportPassword {
	p := &exportPassword{}
	p.pass = form.NewPassword("pass", "Password").With(
		hint+" Leave it empty and certdesk generates one, and shows it once.", "leave empty: certdesk generates one")
	p.again = form.NewPassword("again", "Once more").With("The same password again, to catch typing errors.", "").
		Checked(func(text string) string {
			return words.Needed(text == p.pass.Text.Value(), "the two passwords differ: type the same one twice")
		})
	return p
}

// remarks warn of a password that guards the file badly.
func (p *exportPassword) remarks() []form.Remark {
	why := formats.PoorPassword(p.pass.Bytes())
	if why == "" || p.pass.Text.Value() == "" {
		return nil
	}
	return []form.Remark{{Field: "pass", Text: "This password is weak: " + why +
		". Left empty, certdesk generates a good one."}}
}

// bytes is what was typed, else what is made up now.
func (p *exportPassword) bytes() []byte {
	p.made = ""
	if p.pass.Text.Value() == "" {
		p.made = formats.GeneratePassword()
		return []byte(p.made)
	}
	return p.pass.Bytes()
}

// copied is the verb that sends what was made up to the terminal; none where a person typed it.
func (p *exportPassword) copied(d *screen.Desk) []kit.Verb {
	if p.made == "" {
		return nil
	}
	return []kit.Verb{screen.CopyPassword(d, p.made)}
}

// lines show what was made up, beside the file it opens.
func (p *exportPassword) lines(st theme.Styles, w int) (out []string) {
	if p.made == "" {
		return nil
	}
	out = append(out, "", st.Label.Render("Its password")+"  "+st.Accent.Render(p.made), "")
	const advice = "Write it down: it is shown only this once, and is not kept. Send it separately from the file."
	for _, line := range kit.Wrap(advice, w) {
		out = append(out, st.Text.Render(line))
	}
	return out
}

// said is what there is to say of it beside several files.
func (p *exportPassword) said() string {
	if p.made != "" {
		return "The password " + p.made + " opens all of them: write it down, it is not kept. "
	}
	return "The password opens all of them. "
}

// forget drops what was typed.
func (p *exportPassword) forget() {
	p.pass.Clear()
	p.again.Clear()
}
