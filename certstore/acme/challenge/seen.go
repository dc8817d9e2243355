package challenge

import (
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/miekg/dns"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// What a server of the zone says of a record.
type sight int

const (
	seen    sight = iota
	lacking       // it answers for the zone, without the record
	broken        // it does not answer for the zone: a resolver passes it over and asks the next
	noRoute       // it cannot be asked from here
)

type view struct {
	server nameServer
	sight  sight
	said   string
}

// wanted tells the values of a TXT record that will do. Where none does, it says what is wrong with them.
type wanted func(values []string) (wrong string)

// await asks every server of the zone for the TXT record until all have it, for as long as limit. Resolvers pass over
// a server that does not answer for its zone: it is waited for only a while, and warned of, where all others have it.
func (a asker) await(ctx context.Context, at place, limit time.Duration, w wanted, warn func(string)) error {
	zone, servers, err := a.servers(ctx, at.name)
	if err != nil {
		return err
	}
	views := make([]view, len(servers))
	for i := range servers {
		views[i] = view{servers[i], lacking, ""}
	}
	begun, pause := time.Now(), 50*time.Millisecond
	for {
		a.lookAgain(ctx, views, at.name, w)
		if ctx.Err() != nil {
			return stopped(ctx)
		}
		waited := time.Since(begun)
		done, err := verdict(at, zone, views, waited, limit)
		if done && err == nil {
			warnOf(views, zone, warn)
		}
		if done {
			return err
		}
		select {
		case <-ctx.Done():
			return stopped(ctx)
		case <-time.After(min(pause, limit-waited)):
		}
		pause = min(2*pause, 3*time.Second)
	}
}

// lookAgain asks all servers that have not shown the record yet, at once.
func (a asker) lookAgain(ctx context.Context, views []view, name string, w wanted) {
	var all sync.WaitGroup
	for i := range views {
		if views[i].sight != seen {
			all.Go(func() { views[i] = a.look(ctx, views[i].server, name, w) })
		}
	}
	all.Wait()
}

func (a asker) look(ctx context.Context, s nameServer, name string, w wanted) view {
	if s.at == "" {
		return view{s, broken, "has a name without an address"}
	}
	answer, err := a.exchange(ctx, s.at, question(name, dns.TypeTXT, s.recursive), key{})
	switch {
	case noWay(err):
		return view{s, noRoute, "cannot be reached from this host"}
	case err != nil:
		return view{s, broken, reaction(answer, err)}
	case answer.Rcode != dns.RcodeSuccess && answer.Rcode != dns.RcodeNameError:
		return view{s, broken, reaction(answer, nil)}
	case !answer.Authoritative && !s.recursive:
		return view{s, broken, "does not know the zone (lame)"}
	}
	values := texts(answer)
	wrong := w(values)
	switch {
	case wrong == "":
		return view{s, seen, "has it"}
	case len(values) == 0:
		return view{s, lacking, "has no such record"}
	}
	return view{s, lacking, wrong}
}

// texts are the values of an answer's TXT records; one that was written in pieces is one.
func texts(answer *dns.Msg) (all []string) {
	for _, rr := range answer.Answer {
		if txt, ok := rr.(*dns.TXT); ok {
			all = append(all, strings.Join(txt.Txt, ""))
		}
	}
	return all
}

// verdict says whether waiting is over, and how it ended.
func verdict(at place, zone string, views []view, waited, limit time.Duration) (done bool, err error) {
	count := map[sight]int{}
	for _, v := range views {
		count[v.sight]++
	}
	if count[seen] > 0 && count[lacking]+count[broken] == 0 {
		return true, nil
	}
	grace := min(limit/4, 10*time.Second)
	if waited < grace || count[lacking] > 0 && waited < limit {
		return false, nil
	}
	if count[seen] > 0 && count[lacking] == 0 {
		return true, nil
	}
	return true, unseen(at, zone, views, waited)
}

// unseen names each server without the record.
func unseen(at place, zone string, views []view, waited time.Duration) error {
	var said []string
	hint := "see that every server of the zone has the record"
	for _, v := range views {
		if v.sight == seen {
			continue
		}
		if host, _, err := net.SplitHostPort(v.server.at); err == nil && len(said) == 0 {
			hint += fmt.Sprintf(": `dig @%s TXT %s` shows it", printable.Text(host), shown(at.name))
		}
		said = append(said, v.server.String()+" "+v.said)
	}
	where := "every server"
	if zone != "" {
		where += " of the zone " + shown(zone)
	}
	if waited >= time.Second {
		where += " after " + waited.Round(time.Second).String()
	}
	return fail.New(fail.Failed, hint, "the TXT record %s is not seen at %s: %s", at, where, strings.Join(said, "; "))
}

// warnOf tells of the servers that do not answer for their zone, and of those this host cannot ask.
func warnOf(views []view, zone string, warn func(string)) {
	for _, v := range views {
		if v.sight == broken {
			warn(fmt.Sprintf("%s, a server of the zone %s, %s", v.server, shown(zone), v.said))
		}
	}
}
