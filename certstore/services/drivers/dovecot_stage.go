package drivers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// dovecotStage is the configuration as it would be, in one file that nobody else may read: it may hold passwords.
type dovecotStage struct {
	*dovecotConf
	dir, path string
}

// stage asks doveconf what it makes of planned texts, before any of them is written.
func (d *dovecotConf) stage(ctx context.Context, texts map[string]string) (*dovecotStage, error) {
	source, err := readDovecot(d.in.Config, texts)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "certdesk-dovecot-")
	if err != nil {
		return nil, daemon.Cannot("write", os.TempDir(), err)
	}
	s := &dovecotStage{dir: dir, path: filepath.Join(dir, "dovecot.conf")}
	if err := os.WriteFile(s.path, []byte(source.flat.String()), 0o600); err != nil {
		s.remove()
		return nil, daemon.Cannot("write", s.path, err)
	}
	out, err := d.host.Ask(ctx, []string{"doveconf", "-c", s.path, "-P"})
	if err != nil {
		s.remove()
		return nil, fail.New(fail.UnsupportedFormat, "", "%s", strings.ReplaceAll(fail.Of(err).Text, s.path, "(planned)"))
	}
	s.dovecotConf = source.conf(d.host, d.in, out.Stdout, d.here)
	return s, nil
}

func (s *dovecotStage) remove() { os.RemoveAll(s.dir) }

// maxAsked is how many classes doveconf is asked for by themselves: it takes seconds each time where there are
// thousands.
const maxAsked = 4

// asks has doveconf say what the clients of some classes would be served.
func (s *dovecotStage) asks(ctx context.Context, chosen []dovecotClass, pairs []daemon.Installed) error {
	for _, class := range chosen[:min(len(chosen), maxAsked)] {
		c := class.clients[0]
		argv := []string{"doveconf", "-c", s.path, "-f", "protocol=" + c.protocol}
		if c.addr.IsValid() {
			argv = append(argv, "-f", "local="+c.addr.String())
		}
		if c.name != "" {
			argv = append(argv, "-f", "lname="+c.name)
		}
		out, err := s.host.Ask(ctx, append(argv, "-h", "ssl_cert"))
		if err != nil {
			return fail.New(fail.UnsupportedFormat, "", "%s", strings.ReplaceAll(fail.Of(err).Text, s.path, "(planned)"))
		}
		if got := strings.TrimSpace(out.Stdout); got != "<"+pairs[0].Cert {
			return fail.New(fail.UnsupportedFormat, "", "doveconf says that %s would still be served %s",
				c.words(), printable.Text(got))
		}
	}
	return nil
}

// words name a client for people.
func (c dovecotClient) words() string {
	text := "clients of " + protocolNamed(c.protocol).word
	if c.addr.IsValid() {
		text += " on " + c.addr.String()
	}
	if c.remote.IsValid() {
		text += " from " + c.remote.String()
	}
	if c.name != "" {
		text += " that ask for " + printable.Text(c.name)
	}
	return text
}

// served is what each client gets.
func (d *dovecotConf) served() map[dovecotClient]dovecotClass {
	all := map[dovecotClient]dovecotClass{}
	for _, class := range append(slices.Clip(d.all), d.distant...) {
		for _, c := range class.clients {
			all[c] = class
		}
	}
	return all
}

// judge holds what would be served against what was asked for: chosen clients get the new pairs. Of the others it
// returns the classes that would change with them as they must, and those that must not.
func (c dovecotChange) judge(then *dovecotConf) (moved, spoiled []dovecotClass, err error) {
	after, chosen := then.served(), map[dovecotClient]bool{}
	for _, class := range c.chosen() {
		for _, client := range class.clients {
			chosen[client] = true
			if err := c.gets(client, after[client]); err != nil {
				return nil, nil, err
			}
		}
	}
	for _, class := range c.all {
		for _, client := range class.clients {
			got := after[client]
			if len(got.conflict) > 0 && (len(class.conflict) == 0 || !c.lenient) {
				return nil, nil, refuses(client, got)
			}
			if chosen[client] || slices.Equal(got.pairs(), class.pairs()) {
				continue
			}
			if c.mayMove(class, got) {
				moved = append(moved, class)
			} else {
				spoiled = append(spoiled, class)
			}
			break
		}
	}
	distant, err := c.judgeDistant(after)
	return moved, append(spoiled, distant...), err
}

// judgeDistant returns the classes of remote blocks that would change: none of them is ever asked for.
func (c dovecotChange) judgeDistant(after map[dovecotClient]dovecotClass) (spoiled []dovecotClass, err error) {
	for _, class := range c.distant {
		client := class.clients[0]
		got := after[client]
		switch {
		case len(got.conflict) > 0 && (len(class.conflict) == 0 || !c.lenient):
			return nil, refuses(client, got)
		case class.place().remote.IsValid() && !slices.Equal(got.pairs(), class.pairs()):
			spoiled = append(spoiled, class)
		}
	}
	return spoiled, nil
}

// mayMove says whether a class may change although it was not asked for: another protocol's, whose certificate is that
// of the same block or the same default, and which gets all of the new one.
func (c dovecotChange) mayMove(class, got dovecotClass) bool {
	place := class.place().key()
	same := slices.ContainsFunc(c.chosen(), func(other dovecotClass) bool { return other.place().key() == place })
	whole := !slices.ContainsFunc(got.pairs(), func(p daemon.Installed) bool { return !slices.Contains(c.pairs, p) })
	standsAlone := class.named == nil && !class.place().local.IsValid()
	return whole && (same || standsAlone)
}

func refuses(client dovecotClient, got dovecotClass) error {
	return fail.New(fail.UnsupportedFormat, "", "Dovecot would refuse %s: %s", client.words(), conflictWords(got.conflict))
}

// gets refuses a plan by which a chosen client would not be served the new pairs.
func (c dovecotChange) gets(client dovecotClient, got dovecotClass) error {
	switch {
	case len(got.conflict) > 0:
		return refuses(client, got)
	case !slices.Equal(got.pairs(), c.pairs):
		return fail.New(fail.UnsupportedFormat, "", "%s would still be served what %s says", client.words(),
			got.place().place())
	}
	return nil
}

// shares are the sites of this service among classes that change with those that were asked for: they are proven too.
func (c dovecotChange) shares(moved []dovecotClass) (sites []daemon.Site) {
	for _, s := range c.dovecotConf.sites() {
		same := func(m dovecotClass) bool { return slices.Equal(m.clients, c.all[s.Index].clients) }
		if slices.ContainsFunc(moved, same) {
			sites = append(sites, s)
		}
	}
	return sites
}

// moves warns of clients that change although their slot was not asked for.
func (c dovecotChange) moves(moved []dovecotClass) (said []string) {
	var words []string
	for _, class := range moved {
		if f := class.place(); f.name != "" || f.local.IsValid() {
			text := fmt.Sprintf("%s is for %s as well, which changes with it", f.place(), class.protocol.word)
			said = append(said, text)
		} else if !slices.Contains(words, class.protocol.word) {
			words = append(words, class.protocol.word)
		}
	}
	if len(words) > 0 {
		said = append(said, fmt.Sprintf("%s and %s change together: "+
			"Dovecot does not take a certificate in a protocol block together with one in a local_name, local or remote block",
			c.in.Use, joinWords(words)))
	}
	return said
}

// goWith says which protocols are enabled with the one that was named, or are left.
func (c dovecotChange) goWith(moved []dovecotClass) (said []string) {
	var with, left []string
	for _, p := range dovecotProtocols {
		has := func(class dovecotClass) bool { return class.protocol.name == p.name }
		switch {
		case p.word == c.in.Use:
		case slices.ContainsFunc(c.chosen(), has):
			with = append(with, p.word)
		case c.in.Use == "POP" && p.name != "imap" && slices.ContainsFunc(c.all, has) && !slices.ContainsFunc(moved, has):
			left = append(left, p.word)
		}
	}
	if len(with) > 0 {
		said = append(said, "these change together with "+c.in.Use+", in the same Dovecot: "+joinWords(with))
	}
	if len(left) > 0 {
		said = append(said, "these do not change with POP but with IMAP, in the same Dovecot: "+joinWords(left))
	}
	return said
}

// joinWords is a list in a sentence.
func joinWords(list []string) string {
	if len(list) < 2 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}
