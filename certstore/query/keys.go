package query

import (
	"slices"
	"strings"
	"time"
)

// key is what a term can look at.
type key struct {
	name   string
	also   string // another name, which is offered only where somebody began to type it
	signs  string // that may follow it: ":" or "<>=:"
	does   string // what it keeps, in a few words
	takes  string // what its value can be, for who gave none
	read   func(a asked) (s sieve, problem string)
	values func(v Values) []string // that are offered; nil: any
	whole  bool                    // these are all it takes
}

// asked is one value that was given to a key.
type asked struct {
	key   *key
	name  string // the key with its sign as it was typed, such as "expires<"
	sign  string
	typed string // the value, without quotes
	value string // the same in lower case
	now   time.Time
}

// keys are all keys, in the order in which they are offered.
var keys = []key{
	{name: "is", signs: ":", does: "its status, or what else it is", takes: strings.Join(isWords, ", "),
		read: readIs(isWords), values: fixed(isWords), whole: true},
	{name: "before", signs: ":", does: "ends before a day", takes: dayTakes, read: readDay, values: fixed(dayWords)},
	{name: "after", signs: ":", does: "ends after a day", takes: dayTakes, read: readDay, values: fixed(dayWords)},
	{name: "expires", signs: "<>=:", does: "ends before, on or after a day", takes: dayTakes, read: readDay,
		values: fixed(dayWords)},
	{name: "days", signs: "<>=:", does: "so many days are left", takes: "a number, such as days<30", read: readDays},
	{name: "service", also: "svc", signs: ":", does: "for that service, in use or wanted",
		takes: "IMAP, POP, UM, IIS, SMTP or None", read: readService, values: fixed(serviceWords()), whole: true},
	{name: "server", signs: ":", does: "served by that daemon, port or name", takes: aPart("postfix"), read: readServer,
		values: func(v Values) []string { return v.Servers }},
	{name: "name", signs: ":", does: "a name has it, or a wildcard covers it", takes: aPart("example"), read: readName},
	{name: "covers", signs: ":", does: "good for a host of that name", takes: "a whole name, such as mail.example.org",
		read: readCovers},
	{name: "ca", also: "issuer", signs: ":", does: "who issued it", takes: aPart("example"), read: readIssuer,
		values: func(v Values) []string { return v.Issuers }},
	{name: "key", signs: ":", does: "its key: kind, bits or curve", takes: "a kind, bits or a curve: RSA, 2048, P-256",
		read: readKey, values: fixed(keyWords)},
	{name: "status", signs: ":", does: "its status", takes: strings.Join(StatusWords(), ", "),
		read: readIs(StatusWords()), values: fixed(StatusWords()), whole: true},
	{name: "needs", signs: ":", does: "what somebody should act on", takes: "attention alone: " + Attention,
		read: readIs([]string{wordAttention}), values: fixed([]string{wordAttention}), whole: true},
}

// mainKeys is how many keys are offered where nothing was typed: is: has all that the others have.
var mainKeys = len(keys) - 2

func fixed(list []string) func(Values) []string {
	return func(Values) []string { return list }
}

// aPart says what a value may be that is a part of what it looks at.
func aPart(example string) string { return "a part of it, such as " + example }

// splitKey splits "before:25dec" into its key, the sign behind it and its value. Without a key, a sign says that one
// was meant which there is not; "" says that it is a word.
func splitKey(word string) (k *key, sign, value string) {
	name := strings.ToLower(word[:len(word)-len(strings.TrimLeft(word, letters))])
	rest := word[len(name):]
	sign = rest[:len(rest)-len(strings.TrimLeft(rest, "<>=:"))]
	if name == "" || sign == "" {
		return nil, "", word
	}
	if sign[0] == ':' {
		sign = ":" // what follows belongs to the value: "name:::1"
	}
	value = rest[len(sign):]
	i := slices.IndexFunc(keys, func(k key) bool { return k.name == name || k.also == name })
	switch {
	case i >= 0 && isSign(sign) && strings.Contains(keys[i].signs, sign[:1]):
		return &keys[i], sign, value
	case i >= 0 && sign == "=":
		return &keys[i], ":", value
	case sign == "=", sign == ":" && strings.Trim(strings.ToLower(word), "0123456789abcdef:") == "":
		return nil, "", word // CN=mail is a word, and so is an address or a thumbprint with colons
	}
	return nil, sign, value
}

// letters are those of a key's name.
const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

func isSign(sign string) bool {
	return slices.Contains([]string{":", "=", "<", "<=", ">", ">="}, sign)
}

// unknownKey says of a key that there is not which is meant, or which there are.
func unknownKey(name string) string {
	problem := `no filter word is called "` + name + `"; `
	var all, shown []string
	for i, k := range keys {
		for _, one := range k.names() {
			all = append(all, one+k.signs[:1])
		}
		if i < mainKeys {
			shown = append(shown, k.name+k.signs[:1])
		}
	}
	if meant := nearest(name, all); meant != "" {
		return problem + "did you mean " + meant + "?"
	}
	return problem + "there are " + strings.Join(shown, " ")
}

// names are the names that a key has.
func (k *key) names() []string {
	if k.also == "" {
		return []string{k.name}
	}
	return []string{k.name, k.also}
}
