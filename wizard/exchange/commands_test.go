package exchange_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"certdesk/wizard/exchange"
	"certdesk/wizard/exchange/exchangetest"
)

const thumbprint = "9A3F00000000000000000000000000000000BEEF"

// hard are texts that a shell could take for more than texts.
var hard = []string{"plain", "a$b", "it's $HOME", `say "hi" $(calc)`, "`n ; rm", "M\u00fcller\u2019s \u201cB\u00fccher\u201d \u2018\u201a\u201b", "'", "''''", "@x", "-Force", "#no", "%", "100", "a,b|c&d", "{}()[]<>", `\`}

// Every command of every version has parameters that this version has, those that it needs, each of its type, and no
// text is taken for more than a text.
func TestTheCommandsAreThoseOfTheVersion(t *testing.T) {
	for v := range exchange.Version(len(exchange.Words())) {
		for _, text := range hard {
			for name, c := range map[string]struct {
				script, file string
				content      any
			}{
				"request": {script: v.New(exchange.Request{Subject: "C=BE, O=\"" + text + "\", CN=a.org", Names: []string{"b.org", "*.c.org", "1.org"},
					Accepted: true, Autodiscover: true, ServerFQDN: v.NamesServer(), NetBIOSName: v.NamesServer(), KeySize: 4096, Exportable: true,
					FriendlyName: text, File: text + ".req"}), file: text + ".req", content: exchangetest.ASCII("New-ExchangeCertificate")},
				"DER": {script: v.New(exchange.Request{Subject: "CN=a.org", Names: []string{"a.org"}, FriendlyName: text, File: text + ".req", Binary: true}),
					file: text + ".req", content: "New-ExchangeCertificate"},
				"no file":     {script: v.New(exchange.Request{Subject: "CN=a.org", Accepted: true, FriendlyName: text})},
				"self-signed": {script: v.New(exchange.Request{SelfSigned: true, Subject: "CN=a.org", Names: []string{"a.org"}, Services: "IMAP,SMTP", FriendlyName: text})},
				"renewal":     {script: v.New(exchange.Request{Renews: thumbprint, KeySize: 2048, FriendlyName: text, File: text}), file: text, content: exchangetest.ASCII("New-ExchangeCertificate")},
				"import":      {script: v.Import(exchange.File{Name: text + ".pfx", Key: true, Exportable: true, FriendlyName: text, Services: "IIS"}), file: text + ".pfx"},
				"answer":      {script: v.Import(exchange.File{Name: text + ".cer"}), file: text + ".cer"},
				"export":      {script: v.Export(thumbprint, text+".pfx"), file: text + ".pfx", content: "Export-ExchangeCertificate"},
				"enable":      {script: v.Enable(thumbprint, "UM,IIS")},
				"get":         {script: v.Get(thumbprint)},
				"remove":      {script: v.Remove(thumbprint)},
			} {
				run, err := exchangetest.Of(c.script)
				if err != nil {
					t.Fatalf("%s, %s: %v\n%s", v, name, err, c.script)
				}
				for _, call := range run.Calls {
					if f := exchangetest.Fault(v, call); f != "" {
						t.Errorf("%s, %s: %s\n%s", v, name, f, c.script)
					}
					if got, there := call.Params["FriendlyName"]; there && got != text {
						t.Errorf("%s: the friendly name %q became %q", name, text, got)
					}
				}
				if files, want := strings.Join(filesOf(run), " and "), exchange.FileName(c.file); files != want {
					t.Errorf("%s, %s: files %s, want %s\n%s", v, name, files, want, c.script)
				}
				if written, there := run.Written[exchangetest.Path(exchange.FileName(c.file))]; there && written.Of != c.content {
					t.Errorf("%s, %s: %#v is written\n%s", v, name, written, c.script)
				}
			}
		}
	}
}

// filesOf are the files that a run reads or writes.
func filesOf(run exchangetest.Run) (files []string) {
	for file := range run.Written {
		files = append(files, string(file))
	}
	for _, call := range run.Calls {
		for _, value := range call.Params {
			if content, ok := value.(exchangetest.Bytes); ok {
				value = content.Of
			}
			if file, ok := value.(exchangetest.Path); ok {
				files = append(files, string(file))
			}
		}
	}
	return files
}

// The subject is one text, whatever stands in it.
func TestTheSubjectIsOneText(t *testing.T) {
	for _, text := range hard {
		script := exchange.Latest.New(exchange.Request{Subject: text, Names: []string{"a.org"}, FriendlyName: "x"})
		if run, err := exchangetest.Of(script); err != nil || run.Calls[0].Params["SubjectName"] != text {
			t.Errorf("%q: %v\n%s", text, err, script)
		}
	}
}

// The reader of the tests sees what a wrong quotation would do, and a question that would swallow the next line.
func TestTheReaderTakesNoWrongCommand(t *testing.T) {
	for _, script := range []string{
		"Remove-ExchangeCertificate -Thumbprint it's", "Enable-ExchangeCertificate -Services \"$x\"", "New-ExchangeCertificate -Path a$b",
		"New-ExchangeCertificate -FriendlyName 'it\u2019s'", "New-ExchangeCertificate -DomainName *.a.org", "New-ExchangeCertificate -FriendlyName 'a'b",
		"New-ExchangeCertificate -KeySize 'a' + 'b", "Remove-ExchangeCertificate -Thumbprint A\nGet-ExchangeCertificate",
		"$x = Export-ExchangeCertificate -Password (Read-Host 'p' -AsSecureString)\nGet-ExchangeCertificate", "New-ExchangeCertificate -FriendlyName @x",
		"[System.IO.File]::WriteAllBytes('a.req', $request)", "New-ExchangeCertificate -Path (Join-Path $PWD)", "(Get-ExchangeCertificate).RawData",
	} {
		if run, err := exchangetest.Of(script); err == nil {
			t.Errorf("%s\nis taken as %+v", script, run)
		}
	}
}

func TestAVersionIsNamedByItsWord(t *testing.T) {
	for i, word := range exchange.Words() {
		if v, ok := exchange.Parse(word); !ok || v != exchange.Version(i) {
			t.Errorf("%s is %v", word, v)
		}
	}
	if _, ok := exchange.Parse("2016"); ok {
		t.Error("2016 is two versions")
	}
	if v := exchange.Exchange2007.Older(); v != exchange.Latest {
		t.Errorf("before 2007 comes %v", v)
	}
}

// FuzzQuote holds that a text comes out of the shell as it went in, alone and in the place of a file's name.
func FuzzQuote(f *testing.F) {
	for _, text := range hard {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" || !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
			t.Skip()
		}
		run, err := exchangetest.Of(exchange.Latest.New(exchange.Request{Subject: text, FriendlyName: text, Names: []string{text, "a.org"}}))
		if err != nil || run.Calls[0].Params["FriendlyName"] != text {
			t.Fatalf("%q: %v", text, err)
		}
		if list, ok := run.Calls[0].Params["DomainName"].([]any); !ok || len(list) != 2 || list[0] != text {
			t.Fatalf("%q is the name %v", text, list)
		}
	})
}
