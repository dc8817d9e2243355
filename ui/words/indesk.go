package words

import (
	"regexp"
	"strings"
)

// The keys of the desk that a sentence names: the desk's table of verbs takes them from here, so that no sentence names
// a key that means something else.
const (
	KeyNew     = "n"
	KeyShow    = "enter"
	KeyImport  = "i"
	KeyRenew   = "R"
	KeyRemove  = "D"
	KeyExport  = "x"
	KeyEnable  = "e"
	KeyPorts   = "t"
	KeyAskPort = "p"
	KeyWhy     = "w"
	KeyAdopt   = "a"
	KeyRename  = "N"
	KeyHistory = "L"
	KeyRemoved = "T"
	KeyHealth  = "H"
	KeyRepair  = "f"
	KeyRestore = "r"

	KeySettings = ","
)

// deskWay is what a command is in the desk: as a thing, and behind "run" and "with".
type deskWay struct{ command, thing, run, with string }

// deskWays go from the particular to the general: the first whose words a command begins with holds. What is not among
// them is not in the desk, and stays a command.
var deskWays = []deskWay{
	{command: "doctor --repair", thing: "a repair (" + KeyHealth + ", then " + KeyRepair + ")",
		run: "press " + KeyHealth + ", then " + KeyRepair + " to repair"},
	{command: "doctor", thing: "the store's health (" + KeyHealth + ")",
		run: "press " + KeyHealth + " for the store's health"},
	{command: "history", thing: "the history (" + KeyHistory + ")", with: "in the history (" + KeyHistory + ")"},
	{command: "list --removed", thing: KeyRemoved},
	{command: "list", thing: "the table", with: "in the table"},
	{command: "restore", thing: KeyRestore + " among the removed entries (" + KeyRemoved + ")"},
	{command: "enable --finish", thing: KeyEnable},
	{command: "enable --roll-back", thing: KeyEnable},
	{command: "enable", thing: KeyEnable + " in the table"},
	{command: "export", thing: KeyExport},
	{command: "import --served", thing: KeyAdopt + " on its row in the table"},
	{command: "rename", thing: KeyRename + " on"},
	{command: "test HOST:PORT", thing: KeyAskPort},
	{command: "test", thing: KeyPorts},
	{command: "why", thing: KeyWhy},
}

// deskOptions are what an option of a command is in the desk.
var deskOptions = strings.NewReplacer(
	"give --password-file FILE, or run on a terminal", "type one, or leave it empty and certdesk generates one",
	", or overwrite it with --force", "",
	" (--split)", "",
	"list the accepted domains under accepted_domains.names in the configuration",
	"add the accepted domains in the settings ("+KeySettings+" in the table)",
	"under trust in the configuration", "under Extra roots in the settings ("+KeySettings+")")

// said is a command in a sentence, with the word before it that has another one beside a key.
var said = regexp.MustCompile("(?:(run|with) )?`certdesk ([^`]+)`")

// InDesk is a sentence whose commands are said as the keys of the desk.
func InDesk(text string) string {
	return said.ReplaceAllStringFunc(deskOptions.Replace(text), func(whole string) string {
		parts := said.FindStringSubmatch(whole)
		way, found := deskWayOf(parts[2])
		switch {
		case !found:
			return whole
		case parts[1] == "run" && way.run != "":
			return way.run
		case parts[1] == "run":
			return "press " + way.thing
		case parts[1] == "with" && way.with != "":
			return way.with
		case parts[1] == "with":
			return "with " + way.thing
		}
		return way.thing
	})
}

// alone are commands without an argument: what is advised for the row that somebody looks at.
var alone = map[string]string{"renew": KeyRenew, "import": KeyImport, "export": KeyExport, "enable": KeyEnable,
	"remove": KeyRemove, "import --served": KeyAdopt, "new": KeyNew, "show": KeyShow}

func deskWayOf(command string) (deskWay, bool) {
	if key := alone[command]; key != "" {
		return deskWay{thing: key}, true
	}
	for _, way := range deskWays {
		if strings.HasPrefix(command+" ", way.command+" ") {
			return way, true
		}
	}
	return deskWay{}, false
}
