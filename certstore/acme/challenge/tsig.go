package challenge

import (
	"encoding/base64"
	"regexp"
	"strings"

	"github.com/miekg/dns"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// algorithms are those of TSIG that are still in use (RFC 8945 section 6), without MD5.
var algorithms = map[string]string{
	"hmac-sha1": dns.HmacSHA1, "hmac-sha224": dns.HmacSHA224, "hmac-sha256": dns.HmacSHA256,
	"hmac-sha384": dns.HmacSHA384, "hmac-sha512": dns.HmacSHA512,
}

// readKey reads the key of a name from a file as tsig-keygen writes it, or from one that holds the secret alone, which
// is then of HMAC-SHA256. Without a name, the one key of the file. Errors: UnsafeConfig, InvalidConfig.
func readKey(name, file string) (key, error) {
	if file == "" {
		return key{}, nil
	}
	data, err := readObeyed("the TSIG key file", file)
	if err != nil {
		return key{}, err
	}
	text := string(data)
	if !strings.Contains(text, "{") {
		return bareKey(name, file, strings.TrimSpace(text))
	}
	found := keysIn(text)
	wanted := dns.CanonicalName(name)
	if name == "" && len(found) == 1 {
		wanted = found[0].name
	}
	for _, k := range found {
		if k.name == wanted {
			return k.checked(file)
		}
	}
	return key{}, fail.New(fail.InvalidConfig, "give one of the file's keys as tsig_name", "%s holds no key %q",
		printable.Text(file), printable.Text(name))
}

// readObeyed reads a file by which certdesk acts: only root and the one who runs this may be able to change it.
func readObeyed(what, file string) ([]byte, error) {
	if err := guard.File(what, file); err != nil {
		return nil, err
	}
	data, err := daemon.ReadFile(file)
	if err != nil {
		return nil, daemon.Cannot("read", file, err)
	}
	return data, nil
}

func bareKey(name, file, secret string) (key, error) {
	if name == "" {
		return key{}, fail.New(fail.InvalidConfig, "give the key's name as tsig_name", "%s holds a secret and not its name",
			printable.Text(file))
	}
	return key{name, "hmac-sha256", secret}.named().checked(file)
}

// named gives the name its one spelling.
func (k key) named() key {
	k.name = dns.CanonicalName(k.name)
	return k
}

// checked refuses what no server could take; the secret is in no sentence.
func (k key) checked(file string) (key, error) {
	algorithm, known := algorithms[strings.ToLower(strings.TrimSuffix(k.algorithm, "."))]
	if !known {
		return key{}, fail.New(fail.InvalidConfig, "make a key with `tsig-keygen -a hmac-sha256`",
			"the key %s in %s has the algorithm %q, which is not used here", printable.Text(k.name), printable.Text(file),
			printable.Text(k.algorithm))
	}
	raw, err := base64.StdEncoding.DecodeString(k.secret)
	if err != nil || len(raw) == 0 {
		return key{}, fail.New(fail.InvalidConfig, "copy it as `tsig-keygen` printed it",
			"the secret of the key %s in %s is not base64", printable.Text(k.name), printable.Text(file))
	}
	k.algorithm = algorithm
	return k, nil
}

var (
	comments  = regexp.MustCompile(`(?s:/\*.*?\*/)|(?m:(^|[\s;{}])(//|#).*$)`)
	keyBlock  = regexp.MustCompile(`(?s)\bkey\s+"?([^\s"{]+)"?\s*\{(.*?)\}\s*;?`)
	keySecret = regexp.MustCompile(`\bsecret\s+"?([A-Za-z0-9+/=]+)"?\s*;`)
	keyMethod = regexp.MustCompile(`\balgorithm\s+"?([A-Za-z0-9.-]+)"?\s*;`)
)

// keysIn reads the key statements of BIND's configuration.
func keysIn(text string) (all []key) {
	for _, block := range keyBlock.FindAllStringSubmatch(comments.ReplaceAllString(text, "$1 "), -1) {
		k := key{name: block[1]}.named()
		if m := keyMethod.FindStringSubmatch(block[2]); m != nil {
			k.algorithm = m[1]
		}
		if m := keySecret.FindStringSubmatch(block[2]); m != nil {
			k.secret = m[1]
		}
		all = append(all, k)
	}
	return all
}
