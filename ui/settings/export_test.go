package settings

import (
	"certdesk/certstore/config"
	"certdesk/certstore/trust"
)

// What the tests of this room look at from outside.

func Tried(draft config.Draft, findings ...trust.Finding) triedMsg {
	return triedMsg{trial: trial{draft: draft, findings: findings}}
}

func TriedInVain(err error) triedMsg { return triedMsg{err: err} }

var (
	SplitWords = splitWords
	JoinWords  = joinWords
	SplitList  = splitList
)

// KeysOfACME are the keys that are asked for of a CA.
func KeysOfACME() (keys []string) {
	for _, a := range ofACME {
		if a.stands == nil {
			keys = append(keys, a.key)
		}
	}
	return keys
}
