// Package exchange writes the commands of the Exchange Management Shell for certificates (new, import, enable, export,
// renew, remove), as each version of Exchange takes them.
//
// Its promise: pure functions; what they give can be pasted into that shell as it stands, in one go: no text in it is
// taken for more than a text, and no line of it is taken for the answer to a question of the line before.
package exchange

// Version says which parameters the cmdlets have. The zero value is the newest.
type Version int

// The versions that differ, the newest first. From 2016 CU23 and 2019 CU12 on no cmdlet reads or writes a file, since
// the parameters that did took UNC paths; 2010 had none yet.
const (
	Latest Version = iota
	From2013
	Exchange2010
	Exchange2007
)

var versions = []struct{ word, title string }{
	Latest:       {"latest", "2016 CU23, 2019 CU12 and later"},
	From2013:     {"2013", "2013, 2016 to CU22, 2019 to CU11"},
	Exchange2010: {"2010", "2010"},
	Exchange2007: {"2007", "2007"},
}

// Words are what the versions are called by command, the newest first.
func Words() (list []string) {
	for _, v := range versions {
		list = append(list, v.word)
	}
	return list
}

// Parse is the version of one of Words.
func Parse(word string) (Version, bool) {
	for i, v := range versions {
		if v.word == word {
			return Version(i), true
		}
	}
	return Latest, false
}

// String is which releases of Exchange it is.
func (v Version) String() string { return versions[v].title }

// Older is the version before it, and before the oldest the newest.
func (v Version) Older() Version { return (v + 1) % Version(len(versions)) }

// SelfSignedDays is for how long a certificate is valid that signs itself there: no parameter says so.
func (v Version) SelfSignedDays() int {
	if v == Exchange2007 {
		return 365
	}
	return 5 * 365
}

// NamesServer says that the server's own names can be included by a switch.
func (v Version) NamesServer() bool { return v != Exchange2007 }

// MayLackUM says that among its releases is 2019, which has no Unified Messaging.
func (v Version) MayLackUM() bool { return v == Latest || v == From2013 }

// writesFiles says that the cmdlets write and read files themselves.
func (v Version) writesFiles() bool { return v == Exchange2007 || v == From2013 }
