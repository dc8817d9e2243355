package drivers

import (
	"context"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// edit looks for the way to give exactly these sites the new files that Dovecot itself says comes true: each is tried
// on a copy, and what the copy would serve every client is held against what was asked for.
func (d *dovecotConf) edit(ctx context.Context, sites []daemon.Site, files []daemon.Files) (daemon.Edited, error) {
	all := sites[0].With(files)
	if len(all) > 2 {
		return daemon.Edited{}, fail.New(fail.Failed, "", "Dovecot serves two certificates at most")
	}
	c := dovecotChange{dovecotConf: d, sites: sites}
	c.pairs, _, _ = daemon.ApartPairs(all)
	var why error
	for _, c.lenient = range []bool{false, true} {
		for _, way := range c.ways() {
			e, err := c.keep(ctx, way)
			if err == nil {
				return e, nil
			}
			if !way.alone {
				why = err
			}
		}
	}
	return daemon.Edited{}, fail.New(fail.UnsupportedFormat, "",
		"certdesk found no place for this certificate in the configuration of Dovecot: %w", why)
}

// dovecotChange is what is asked of a configuration.
type dovecotChange struct {
	*dovecotConf
	sites   []daemon.Site
	pairs   []daemon.Installed
	lenient bool // clients whom Dovecot refuses now may go on being refused
}

// dovecotWay is where the default of a protocol is put; names and addresses are changed where they stand.
type dovecotWay struct {
	apart   bool           // in a block of the protocol's own, in our section
	section bool           // for all protocols, in our section
	alone   bool           // our protocol blocks go, which stand in the way of local_name blocks
	pins    []dovecotClass // these stay as they are, by settings of their own
}

// ways are told from the one that changes the least. Dovecot takes no protocol block beside local_name or local blocks
// with a certificate: what all protocols have must change then.
func (c dovecotChange) ways() []dovecotWay {
	all := []dovecotWay{{apart: true}}
	for _, alone := range []bool{false, true} {
		root := c.source.filters[0].set["ssl_cert"]
		if root == nil || root.path == "" || !inSection(c.source.texts[root.path], root.from) {
			all = append(all, dovecotWay{section: true, alone: alone})
		}
		all = append(all, dovecotWay{alone: alone})
	}
	return all
}

// keep tries a way; blocks that were not asked for and take part of their settings from what changes are given those
// as settings of their own.
func (c dovecotChange) keep(ctx context.Context, way dovecotWay) (daemon.Edited, error) {
	e, spoiled, err := c.try(ctx, way)
	if err != nil || len(spoiled) == 0 {
		return e, err
	}
	way.pins = spoiled
	e, spoiled, err = c.try(ctx, way)
	if err == nil && len(spoiled) > 0 {
		err = fail.New(fail.UnsupportedFormat, "", "%s would change with it", spoiled[0].place().place())
	}
	for _, pinned := range way.pins {
		text := pinned.place().place() + " is given as its own what it took from elsewhere, so that it stays as it is"
		if !slices.Contains(e.Warnings, text) {
			e.Warnings = append(e.Warnings, text)
		}
	}
	return e, err
}

// try makes the texts of a way and has them judged.
func (c dovecotChange) try(ctx context.Context, way dovecotWay) (e daemon.Edited, spoiled []dovecotClass, err error) {
	w, err := c.write(way)
	if err != nil {
		return e, nil, err
	}
	e = daemon.Edited{Pairs: c.pairs[:len(c.pairs)-len(c.sites[0].Beside)], Was: w.texts.was, Texts: w.now}
	s, err := c.stage(ctx, w.now)
	if err != nil {
		return e, nil, err
	}
	defer s.remove()
	moved, spoiled, err := c.judge(s.dovecotConf)
	if err != nil || len(spoiled) > 0 {
		return e, spoiled, err
	}
	e.Shares, e.Warnings = c.shares(moved), append(c.goWith(moved), c.moves(moved)...)
	return e, nil, s.asks(ctx, c.chosen(), c.pairs)
}

// chosen are the classes of the sites to change.
func (c dovecotChange) chosen() (all []dovecotClass) {
	for _, s := range c.sites {
		all = append(all, c.all[s.Index])
	}
	return all
}
