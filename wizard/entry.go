package wizard

import (
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
)

// Equivalent is a command that does elsewhere what the desk does, and what that is.
type Equivalent struct{ Does, Command string }

// ShortThumbprint is as much of a thumbprint as commands are given: enough to be the only one.
func ShortThumbprint(e certstore.Entry) string { return short(e.Thumbprint) }

func short(thumbprint string) string { return thumbprint[:min(12, len(thumbprint))] }

// EntryCommand tells all of an entry; a removed one it takes back, since commands look among the live ones.
func EntryCommand(e certstore.Entry, env Env) string {
	if !e.Removed.IsZero() {
		return RestoreCommand(e, env)
	}
	return certdesk(env, "show", ShortThumbprint(e))
}

// RestoreCommand takes back what was removed.
func RestoreCommand(e certstore.Entry, env Env) string {
	return certdesk(env, "restore", ShortThumbprint(e))
}

// EntryCommands are the commands that show an entry, write it to a file and make another; files are where its objects
// lie, as far as is known.
func EntryCommands(e certstore.Entry, files []string, env Env) []Equivalent {
	list := []Equivalent{{Does: "Tell all of it", Command: EntryCommand(e, env)},
		{Does: "Write it to a file", Command: exportCommand(e, env)}}
	if !e.Removed.IsZero() {
		list = []Equivalent{{Does: "Take it back", Command: EntryCommand(e, env)}}
	}
	if file := fileOf(files, ".pem"); file != "" && e.Kind == certstore.Certificate {
		list = append(list, Equivalent{Does: "Read the certificate with openssl",
			Command: beside(file, "openssl x509 -noout -text -in ")})
	}
	if file := fileOf(files, ".req"); file != "" {
		list = append(list, Equivalent{Does: "Read the request with openssl",
			Command: beside(file, "openssl req -noout -text -verify -in ")})
	}
	if command := SameAgain(e, env); command != "" {
		list = append(list, Equivalent{Does: "Make another like it", Command: command})
	}
	return list
}

// beside is a command on a file from the file's own folder: the whole path would be too long a word for a line of 80.
func beside(file, command string) string {
	at := strings.LastIndexByte(file, '/')
	if at < 0 {
		return command + posix(file)
	}
	return "cd " + posix(file[:at+1]) + "\n" + command + posix(file[at+1:])
}

func exportCommand(e certstore.Entry, env Env) string {
	ending := ".cer"
	if e.Kind == certstore.PendingReq {
		ending = ".req"
	} else if e.HasKey && e.Exportable {
		ending = ".pfx"
	}
	return certdesk(env, "export", ShortThumbprint(e), "--path", "./"+fileName(e.CommonName())+ending)
}

// fileOf is the first file with that ending: an entry's own stand before those of its chain.
func fileOf(files []string, ending string) string {
	for _, file := range files {
		if strings.HasSuffix(file, ending) {
			return file
		}
	}
	return ""
}

// SameAgain is the command that would make another entry like it; "" where the subject, a name or the key is one that a
// request cannot have.
func SameAgain(e certstore.Entry, env Env) string {
	r, ok := requestLike(e)
	if !ok {
		return ""
	}
	return CertdeskCommand(FromRequest(r).Reordered(e, env), env)
}

// requestLike is the request that would give an entry's subject, names and key.
func requestLike(e certstore.Entry) (issuing.Request, bool) {
	subject, err := names.ParseSubject(e.Subject)
	if e.Subject == "" { // CAs leave it empty where a client needs the names alone
		subject, err = names.Subject{{Type: "CN", Value: e.CommonName()}}, nil
	}
	if err != nil {
		return issuing.Request{}, false
	}
	key, ok := keySpec(e)
	r := issuing.Request{SelfSigned: e.SelfSigned, Subject: subject, Key: key, Exportable: e.Exportable,
		Wanted: e.Wanted, FriendlyName: e.FriendlyName}
	for _, text := range append([]string{e.CommonName()}, e.Names...) {
		n, err := names.Normalize(text)
		if err != nil {
			return issuing.Request{}, false
		}
		r.Names = append(r.Names, n)
	}
	r.Names = names.Dedupe(r.Names)
	return r, ok
}

func keySpec(e certstore.Entry) (issuing.KeySpec, bool) {
	switch {
	case e.KeyAlgorithm == "RSA":
		return issuing.KeySpec{Algorithm: "rsa", Bits: e.KeySize}, true
	case e.KeyAlgorithm == "ECDSA" && e.KeySize == 256:
		return issuing.KeySpec{Algorithm: "ecdsa-p256"}, true
	case e.KeyAlgorithm == "ECDSA" && e.KeySize == 384:
		return issuing.KeySpec{Algorithm: "ecdsa-p384"}, true
	}
	return issuing.KeySpec{}, false
}
