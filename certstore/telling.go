package certstore

import (
	"cmp"
	"context"
	"crypto/rand"
	"maps"
	"time"

	"certdesk/certstore/config"
	"certdesk/certstore/delivering"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/notifying"
	"certdesk/certstore/when"
)

// TellOptions say how people are told.
type TellOptions struct {
	// how long ports that are wrong are given before they are asked once more; 0: 10 s
	Again time.Duration
	Each  func(Delivery)
}

// Delivery is what became of one message.
type Delivery struct {
	To      string // for people: "postmaster@example.org by mail"
	Number  int    // of the [[notify]] table, from 1
	Mail    bool
	Subject string
	Receipt string // what the other side said
	Err     error
}

// What looking may take before people are told.
const (
	askTime   = 30 * time.Second // of CAs
	lookTime  = time.Minute      // of all ports
	againTime = 10 * time.Second
)

// Tell tells everybody of [[notify]] what he has not been told yet. Each message is written down once it has left,
// before the next one is brought: a run that dies between the two has it brought once more. Where another run is at it,
// that is named and nobody is told anything. Errors: ReadOnly, Damaged, and what keeps the journal from being read or written;
// what became of each message is told to Each.
func (s *Store) Tell(ctx context.Context, o TellOptions) (other string, err error) {
	doors := delivering.Doors(s.o.Notify, s.o.Server)
	if len(doors) == 0 {
		return "", nil
	}
	if err := s.ready(ctx, "notify"); err != nil {
		return "", err
	}
	release, other, err := s.dir.LockRenewals(ctx)
	if err != nil || other != "" {
		return other, err
	}
	defer release()
	messages, err := s.messages(ctx, doors, cmp.Or(o.Again, againTime))
	if err != nil {
		return "", err
	}
	for _, m := range messages {
		if err := s.tellOne(ctx, doors, m, o.Each); err != nil {
			return "", err
		}
	}
	return "", ctx.Err()
}

// messages are what is to be told now. A daemon that is just being started anew is no news: a port that is wrong is
// asked twice.
func (s *Store) messages(ctx context.Context, doors []delivering.Door,
	again time.Duration) ([]notifying.Message, error) {
	asking, stop := context.WithTimeout(ctx, askTime)
	_, _, err := s.AskCAs(asking)
	stop()
	if err != nil {
		return nil, err
	}
	list, err := s.planned(ctx, doors)
	if err != nil || !asksAgain(list) {
		return list, err
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(again):
	}
	return s.planned(ctx, doors)
}

// asksAgain says whether something is new that may be over in a moment.
func asksAgain(list []notifying.Message) bool {
	for _, m := range list {
		for _, i := range m.Items {
			if i.Key.Event == notifying.NotServed && !i.Over && !i.Again {
				return true
			}
		}
	}
	return false
}

func (s *Store) planned(ctx context.Context, doors []delivering.Door) ([]notifying.Message, error) {
	f := notifying.Facts{Seen: true, Now: s.o.Now().Local()}
	if s.HasServices() {
		f.Survey, f.Seen = s.looked(ctx)
	}
	var err error
	if f.Entries, err = s.List(ctx, false); err != nil {
		return nil, err
	}
	for i := range f.Entries {
		f.Survey.Judge(&f.Entries[i])
	}
	if f.Tasks, err = s.Renewals(ctx); err != nil {
		return nil, err
	}
	return notifying.Plan(f, s.o.Server, targetsOf(doors), s.receivers()), nil
}

// looked is what the ports serve, and whether all of them were seen.
func (s *Store) looked(ctx context.Context) (v enabling.Survey, all bool) {
	ctx, stop := context.WithTimeout(ctx, lookTime)
	defer stop()
	v, err := s.Survey(ctx)
	if err == nil {
		return v, len(v.Troubles) == 0
	}
	v, _ = v.Answered()
	return v, false
}

func targetsOf(doors []delivering.Door) (list []notifying.Target) {
	for _, d := range doors {
		list = append(list, targetOf(d))
	}
	return list
}

func targetOf(d delivering.Door) notifying.Target {
	return notifying.Target{ID: d.ID, Name: d.Name, On: d.On, Digest: d.Digest}
}

// receivers is what the journal knows of those who are told.
func (s *Store) receivers() map[string]*ledger.Receiver {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.state.Receivers)
}

// tellOne brings one message and writes down what became of it.
func (s *Store) tellOne(ctx context.Context, doors []delivering.Door, m notifying.Message, each func(Delivery)) error {
	if m.Tells() && ctx.Err() == nil {
		for _, d := range doors {
			if d.ID != m.Target.ID {
				continue
			}
			got := bring(ctx, d, letterOf(m.Data()))
			if err := s.noteTold(ctx, m, got.Err); err != nil {
				return err
			}
			each(got)
		}
	}
	return s.writeTold(ctx, m.Ended()...)
}

func letterOf(d notifying.Data) delivering.Letter {
	return delivering.Letter{ID: d.ID, Subject: d.Subject, Text: d.Text, At: d.Time, Data: d}
}

func bring(ctx context.Context, d delivering.Door, l delivering.Letter) Delivery {
	receipt, err := d.Bring(ctx, l)
	return Delivery{To: d.Name, Number: d.Number, Mail: d.Mail, Subject: l.Subject, Receipt: receipt, Err: err}
}

// noteTold writes down that a message has left, or why it has not: that once for each reason, since every run tries it
// again.
func (s *Store) noteTold(ctx context.Context, m notifying.Message, why error) error {
	if why == nil {
		return s.writeTold(ctx, m.Told()...)
	}
	failed := fail.Sentence(why)
	if r := s.receivers()[m.Target.ID]; ctx.Err() != nil || r != nil && r.Failed == failed {
		return nil
	}
	return s.writeTold(ctx, m.Failed(failed))
}

// writeTold writes lines whatever has become of the context: the message has left.
func (s *Store) writeTold(ctx context.Context, lines ...notifying.Line) error {
	for _, l := range lines {
		_, err := s.write(context.WithoutCancel(ctx), func() (change, error) {
			return change{op: ledger.OpTold, data: ledger.Data{IDs: l.IDs, Told: &l.Told}}, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// TryNotify sends everybody of some [[notify]] tables a message that is a test. With keep, and where the store can be
// written, it is written down that one was reached who could not be told before.
func (s *Store) TryNotify(ctx context.Context, sections []config.Notify, keep bool, each func(Delivery)) error {
	for _, d := range delivering.Doors(sections, s.o.Server) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		l := letterOf(notifying.Test(targetOf(d), s.o.Server, s.o.Now(), rand.Text()))
		got := bring(ctx, d, l)
		each(got)
		r := s.receivers()[d.ID]
		if !keep || got.Err != nil || r == nil || r.Failed == "" || s.dir.Writable() != "" {
			continue
		}
		if err := s.writeTold(ctx, notifying.Line{Told: ledger.Told{To: d.Name, Target: d.ID, ID: l.ID}}); err != nil {
			return err
		}
	}
	return nil
}

// Hearer is one who is told, and what the journal knows of that.
type Hearer struct {
	To     string
	Number int // of the [[notify]] table, from 1
	Mail   bool
	On     []string
	Digest string
	Last   ledger.Receiver
}

// Untold says that one could not be told, since when and why; "" where the last message reached him.
func (h Hearer) Untold() string {
	if h.Last.Failed == "" {
		return ""
	}
	return h.To + " could not be told since " + when.Minute(h.Last.Since.Local()) + ": " + h.Last.Failed
}

// untold are the sentences of those who could not be told. The caller holds s.mu.
func (s *Store) untold() (list []string) {
	for _, h := range s.hearers() {
		if text := h.Untold(); text != "" {
			list = append(list, text)
		}
	}
	return list
}

// Hearers are those whom the configuration names.
func (s *Store) Hearers(ctx context.Context) ([]Hearer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	return s.hearers(), nil
}

// hearers is Hearers of what was read. The caller holds s.mu.
func (s *Store) hearers() (list []Hearer) {
	for _, d := range delivering.Doors(s.o.Notify, s.o.Server) {
		h := Hearer{To: d.Name, Number: d.Number, Mail: d.Mail, On: d.On, Digest: d.Digest}
		if r := s.state.Receivers[d.ID]; r != nil {
			h.Last = *r
		}
		list = append(list, h)
	}
	return list
}
