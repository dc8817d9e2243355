package exchangetest

import (
	"fmt"
	"strings"
)

// What a value can be beside a string, an int, a bool and a list ([]any) of them.
type (
	Switch bool             // a parameter without a value
	Secret struct{}         // a SecureString that a person typed
	Path   string           // a file of the current directory
	Bytes  struct{ Of any } // the content of a file (Path), of a cmdlet's object (string), or its ASCII text (ASCII)
	ASCII  string           // what cmdlet gave it
	Object struct{ Cmdlet string }
)

// Call is a cmdlet of Exchange that was run.
type Call struct {
	Name   string
	Params map[string]any
	Args   []any // without a name
	Piped  any   // nil: nothing
}

// Run is what a script did.
type Run struct {
	Calls   []Call
	Written map[Path]Bytes
	asks    bool // it asked a person something: what is pasted behind that is the answer
}

// valueless are the parameters that take no value.
var valueless = map[string]bool{"GenerateRequest": true, "IncludeAcceptedDomains": true, "IncludeAutoDiscover": true,
	"IncludeServerFQDN": true, "IncludeServerNetBIOSName": true, "BinaryEncoded": true, "AsSecureString": true}

// Of runs a script.
func Of(script string) (run Run, err error) {
	run.Written = map[Path]Bytes{}
	r := &reader{text: []rune(script), run: &run, vars: map[string]any{"true": true, "false": false, "PWD": Path("")}}
	defer func() {
		if f, ok := recover().(fault); ok {
			err = fmt.Errorf("%s", f)
		}
	}()
	for r.blanks(true); r.at < len(r.text); r.blanks(true) {
		if r.statement(); run.asks && len(strings.TrimSpace(string(r.text[r.at:]))) > 0 {
			r.fail("what follows is read as the answer to a question")
		}
		if r.blanks(false); r.at < len(r.text) && r.peek(0) != '\n' {
			r.fail("a statement goes on behind its end")
		}
	}
	return run, nil
}

// cmdlet runs one: those of PowerShell give what the command needs, those of Exchange are noted.
func (run *Run) cmdlet(c Call) (any, error) {
	switch c.Name {
	case "Join-Path":
		if file, ok := c.Args[len(c.Args)-1].(string); ok && len(c.Args) == 2 && c.Args[0] == Path("") && file != "" {
			return Path(file), nil
		}
		return nil, fmt.Errorf("Join-Path got %v", c.Args)
	case "Read-Host":
		if len(c.Args) != 1 || c.Params["AsSecureString"] != Switch(true) {
			return nil, fmt.Errorf("Read-Host got %v, %v", c.Args, c.Params)
		}
		run.asks = true
		return Secret{}, nil
	case "Format-List":
		return c.Piped, nil
	}
	run.Calls = append(run.Calls, c)
	run.asks = run.asks || c.Name == "Remove-ExchangeCertificate" || c.Params["Services"] != nil
	return Object{c.Name}, nil
}

// method calls one of .NET's.
func (run *Run) method(name string, args []any) (any, error) {
	switch name {
	case "[System.IO.File]::ReadAllBytes":
		if file, ok := args[0].(Path); ok && len(args) == 1 {
			return Bytes{file}, nil
		}
	case "[System.Text.Encoding]::ASCII.GetBytes":
		if object, ok := args[0].(Object); ok && len(args) == 1 {
			return Bytes{ASCII(object.Cmdlet)}, nil
		}
	case "[System.IO.File]::WriteAllBytes":
		file, ok := args[0].(Path)
		content, also := args[len(args)-1].(Bytes)
		if ok && also && len(args) == 2 {
			run.Written[file] = content
			return nil, nil
		}
	}
	return nil, fmt.Errorf("%s got %v", name, args)
}
