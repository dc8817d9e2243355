package records

import (
	"slices"
	"strings"

	"certdesk/certstore/trust"
	"certdesk/ui/words"
)

// remedy is what a kind of finding means for a person, and what to do about it. In a command DIR
// stands for the store, FILE for the first file that was found.
type remedy struct {
	title, means, next string
	command            string // the way out outside the desk, or ""
	repair             bool   // the store's own repair helps
}

const (
	nothing    = "Nothing has to be done."
	fromBackup = "bring the file back from a backup, under the same name."
)

// remedies are by the finding's code.
var remedies = map[string]remedy{
	"bad-line": {title: "A line of the journal is damaged", repair: true,
		means: "It does not match its own checksum: the disk is failing, or somebody has edited the file. All other lines " +
			"are still read. Nothing is written until the line has been recorded as damaged.",
		next: "f repairs: it records the line as damaged, and lists again what only that line knew of."},
	"unknown-line": {title: "A line of the journal is not understood",
		means: "Most likely a newer certdesk wrote it. All other lines are read; nothing is purged until then.",
		next:  "update certdesk on this server."},
	"torn-tail": {title: "The last line of the journal is unfinished", repair: true,
		means: "A process died while it wrote the line, or is just writing it. Whatever was confirmed is complete.",
		next:  "the next change moves it aside; f does that now."},
	"journal": {title: "The journal was interrupted", repair: true,
		means: "The sentence below says what was found.",
		next:  "f records it in the journal, so that it is not reported again."},
	"unfinished-purge": {title: "A purge is not finished yet",
		means: "It was interrupted before its files were gone.",
		next:  "the next change of any kind finishes it."},
	"chain": {title: "Clients refuse the chain of a certificate",
		means: "It was imported before certdesk looked at this, so the table still shows the chain as sound.",
		next:  "import the certificate again with the intermediate that its CA uses now."},
	"roots": {title: "Some trusted roots cannot be read",
		means: "Certificates below them are shown as untrusted or unknown, though they may be good.",
		next:  "check what the configuration names under trust, and that you may read these files."},
	"renewal-failed": {title: "Something that is automatic fails",
		means: "Its CA did not issue it; the certificate that is in use stays until another one is there.",
		next:  "mend what the line above names; enter on its row goes on with an order, R on a certificate renews it now."},
	"renewal-missed": {title: "A certificate was not renewed in time",
		means:   "Nothing has come by that renews what is due: the timer is not installed, or not running.",
		next:    "R on its row renews it now. Whether the timer runs:",
		command: "systemctl list-timers certdesk.timer"},
	"renewal-nobody": {title: "Nothing renews a certificate any more",
		means: "Its CA is no longer in the configuration, so the certificate ends when its time is over.",
		next:  "name the CA again (, then Add), or renew it by another (R)."},
	"not-told": {title: "Somebody could not be told",
		means: "What has happened did not reach whom the settings name. Every run of the timer tries it again.",
		next:  "mend what the line above names; , then the row of Told tries the way to them."},
	"directory-due": {title: "A certificate is not in the directory yet", repair: true,
		means: "Services have it, and the directory did not take it when it was enabled. Mail is not concerned.",
		next:  "f tries it again, and so does each run of the renewals."},
	"directory-left-behind": {title: "A certificate is still in the directory", repair: true,
		means: "It was removed, or another took its place, while the directory did not answer.",
		next:  "f takes it out, and so does each run of the renewals; what others put there stays."},
	"missing": {title: "A file is missing",
		means: "An entry needs it, and somebody has deleted or moved it. Nothing in certdesk does that.",
		next:  fromBackup},
	"damaged": {title: "A file is damaged",
		means: "Its bytes are no longer those that were stored.",
		next:  "bring the file back from a backup, under the same name, and check the disk."},
	"not-looked-at": {title: "Not everything could be looked at",
		means: "You may not read it; private keys are for the store's owner alone.",
		next:  "the owner of the store looks at all of it with:", command: "sudo certdesk doctor --store DIR"},
	"temporary": {title: "A temporary file was left",
		means: "A process that died left it, or one that still runs is using it.", next: nothing},
	"stranger": {title: "A file that is not certdesk's", means: "Somebody put it there. certdesk leaves it alone.",
		next: "see what it is, and move it out of the store.", command: "ls -la DIR DIR/certs DIR/keys DIR/requests"},
	"links": {title: "A file has a second hard link",
		means: "A purge would not destroy what the other link still reaches.",
		next:  "find the other link, and delete it there.", command: "find / -xdev -samefile FILE"},
	"mode": {title: "A file or folder is open to too many users", means: "Others may read it.",
		next: "close it, as the line below says."},
	"owner": {title: "A file belongs to somebody else", means: "Its owner can change it, and let others in.",
		next: "see how it came here, and give it to the store's owner, as the line below says."},
	"acl": {title: "New files would be open to others",
		means: "A default access list of the folder names them. certdesk removes it from what it makes; other programs do " +
			"not.",
		next: "remove it:", command: "setfacl -k DIR DIR/certs DIR/keys DIR/requests"},
	"next-change": {title: "The next change would fail", means: "What a writer opens first cannot be opened.",
		next: "see who changed that (lsattr shows what is immutable).", command: "ls -la DIR && lsattr DIR"},
	"unpurged": {title: "A purge could not be finished", means: "What was purged is still here.",
		next: "take away what is in the way; the next change tries again."},
	"left-export": {title: "A copy of a key was left outside",
		means: "An export died before its file was complete.", next: "the next change deletes it; f does that now.",
		repair: true},
	"torn-unnamed": {title: "A torn end of the journal was moved aside", repair: true,
		means: "It may be a line that was already confirmed. Nothing is purged until it has been recorded.",
		next:  "f records it, and lists again what only it knew of."},
	"unreferenced-key": {title: "A private key that no entry uses",
		means: "An operation that failed left it. Nothing deletes a key; a certificate for it may still come.",
		next:  nothing},
	"unlisted": {title: "Something is here and in no list",
		means: "A certificate or a request lies in the store with its key, and no line of the journal names it.",
		next:  "f lists it again. Until then no purge takes its key.", repair: true},
	"unreferenced": {title: "A file that no entry uses", means: "An operation that failed left it.", next: nothing},
	"readers": {title: "A group may read the store",
		means: "The configuration names no readers, and the folder's mode lets some in.",
		next:  "name the group under readers in the configuration, or close the store:", command: "chmod -R g= DIR"},
	"torn": {title: "The torn end of the journal is kept",
		means: "A writer moved it aside, so that nothing is lost that could still be read.", next: nothing},
	"repaired": {title: "Repaired just now", means: "The journal records what is damaged; the store can be written again.",
		next: nothing},
	"adopted": {title: "Listed again just now", means: "These are in the table again.",
		next: "look at each: its friendly name may have been lost."},
}

// lostKey is the remedy of missing files with a private key among them.
var lostKey = remedy{title: remedies["missing"].title, means: remedies["missing"].means,
	next: fromBackup + " A private key that is lost for good cannot be made again: renew its certificate."}

// openKey is the remedy of a private key that others may read, the worst of modes.
var openKey = remedy{title: "A private key is open to others",
	means: "Whoever read it can pass for your server. If that may have happened, renew the certificate with a new key.",
	next:  "close it:", command: "chmod 600 DIR/keys/*.key"}

// linkLeft is the remedy of a second name that a purge knows of.
var linkLeft = remedy{title: "A file has a second hard link",
	means: "A process that died left it; a purge destroys both.", next: nothing}

// aheadOf is what to say of a finding on certificates; what nobody here knows speaks for itself.
func aheadOf(code string) remedy {
	k := trust.KindOf(code)
	if k.Code == "" {
		return remedy{title: code}
	}
	return remedy{title: "Some certificates: " + code, means: words.Stop(words.SentenceCase(k.Means)),
		next: words.Stop(words.InDesk(k.Next))}
}

// remedyOf is what to say of an ailment; one that nobody here knows speaks for itself.
func remedyOf(a ailment) remedy {
	r, known := remedies[a.code]
	switch {
	case a.code == "mode" && a.severity == trust.Error:
		return openKey
	case a.code == "missing" && slices.ContainsFunc(a.texts, func(text string) bool { return strings.Contains(text, "keys/") }):
		return lostKey
	case a.code == "links" && a.severity == trust.Info:
		return linkLeft
	case !known:
		return aheadOf(a.code)
	}
	return r
}
