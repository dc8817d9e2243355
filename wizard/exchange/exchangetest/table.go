package exchangetest

import (
	"fmt"
	"regexp"
	"unicode/utf8"

	"certdesk/wizard/exchange"
)

// Which parameter there is in which version, of which type, as Microsoft documents them.
const (
	in2007 = 1 << iota
	in2010
	in2013
	inLatest
	since2010 = in2010 | in2013 | inLatest
	always    = in2007 | since2010
)

type parameter struct {
	in   int
	fits func(v any) bool
}

func isText(v any) bool   { s, ok := v.(string); return ok && s != "" }
func isYes(v any) bool    { _, ok := v.(bool); return ok }
func isSwitch(v any) bool { return v == Switch(true) }
func isFile(v any) bool   { _, ok := v.(Path); return ok }
func isSecret(v any) bool { return v == Secret{} }
func isBytes(v any) bool  { b, ok := v.(Bytes); return ok && isFile(b.Of) }
func isSize(v any) bool   { return v == 1024 || v == 2048 || v == 4096 }
func isPrint(v any) bool {
	return isText(v) && regexp.MustCompile("^[0-9A-F]{40}$").MatchString(v.(string))
}
func isFriendly(v any) bool { return isText(v) && utf8.RuneCountInString(v.(string)) < 64 }
func isNames(v any) bool    { return each(v, regexp.MustCompile(`^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*$`)) }
func isUses(v any) bool     { return each(v, regexp.MustCompile("^(None|IIS|IMAP|POP|SMTP|UM)$")) }

func each(v any, want *regexp.Regexp) bool {
	list, several := v.([]any)
	if !several {
		list = []any{v}
	}
	for _, item := range list {
		if text, ok := item.(string); !ok || !want.MatchString(text) {
			return false
		}
	}
	return true
}

var parameters = map[string]map[string]parameter{
	"New-ExchangeCertificate": {
		"GenerateRequest": {always, isSwitch}, "SubjectName": {always, isText}, "DomainName": {always, isNames},
		"IncludeAcceptedDomains": {always, isSwitch}, "IncludeAutoDiscover": {always, isSwitch},
		"IncludeServerFQDN": {since2010, isSwitch}, "IncludeServerNetBIOSName": {since2010, isSwitch},
		"KeySize": {always, isSize}, "FriendlyName": {always, isFriendly}, "PrivateKeyExportable": {always, isYes},
		"BinaryEncoded": {always, isSwitch}, "Path": {in2007, isFile}, "RequestFile": {in2013, isFile},
		"Services": {always, isUses},
	},
	"Import-ExchangeCertificate": {
		"Path": {in2007, isFile}, "FileData": {since2010, isBytes}, "FileName": {in2013, isFile},
		"Password": {always, isSecret}, "FriendlyName": {always, isFriendly}, "PrivateKeyExportable": {since2010, isYes},
	},
	"Enable-ExchangeCertificate": {"Thumbprint": {always, isPrint}, "Services": {always, isUses}},
	"Export-ExchangeCertificate": {"Thumbprint": {always, isPrint}, "BinaryEncoded": {always, isSwitch},
		"Password": {always, isSecret}, "FileName": {in2013, isFile}, "Path": {in2007, isFile}},
	"Remove-ExchangeCertificate": {"Thumbprint": {always, isPrint}},
	"Get-ExchangeCertificate":    {"Thumbprint": {always, isPrint}},
}

// required are groups of parameters of which one must be there; Thumbprint may come through the pipeline.
func required(c Call) [][]string {
	switch {
	case c.Name == "New-ExchangeCertificate" && c.Piped != nil:
		return nil
	case c.Name == "New-ExchangeCertificate":
		return [][]string{{"SubjectName"},
			{"DomainName", "IncludeAcceptedDomains", "IncludeAutoDiscover", "IncludeServerFQDN"}}
	case c.Name == "Import-ExchangeCertificate":
		return [][]string{{"Path", "FileData", "FileName"}}
	case c.Name == "Export-ExchangeCertificate":
		return [][]string{{"Thumbprint"}, {"Password"}, {"BinaryEncoded"}}
	case c.Name == "Enable-ExchangeCertificate" && c.Piped != nil:
		return [][]string{{"Services"}}
	case c.Name == "Enable-ExchangeCertificate":
		return [][]string{{"Services"}, {"Thumbprint"}}
	}
	return [][]string{{"Thumbprint"}}
}

// Fault says what the cmdlet of a version would not take; "" for nothing.
func Fault(v exchange.Version, c Call) string {
	bit := map[exchange.Version]int{exchange.Exchange2007: in2007, exchange.Exchange2010: in2010,
		exchange.From2013: in2013, exchange.Latest: inLatest}[v]
	known := parameters[c.Name]
	if known == nil || len(c.Args) > 0 {
		return fmt.Sprintf("%s with %v", c.Name, c.Args)
	}
	for name, value := range c.Params {
		switch p, ok := known[name]; {
		case !ok || p.in&bit == 0:
			return "no -" + name
		case !p.fits(value):
			return fmt.Sprintf("-%s %#v", name, value)
		}
	}
	if c.Params["GenerateRequest"] != nil && c.Params["Services"] != nil {
		return "-Services for a request"
	}
	for _, group := range required(c) {
		found := false
		for _, name := range group {
			found = found || c.Params[name] != nil
		}
		if !found {
			return fmt.Sprintf("none of %v", group)
		}
	}
	return ""
}
