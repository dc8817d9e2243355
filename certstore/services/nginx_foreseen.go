package services

import "maps"

// sitesOf reads the configuration with these texts in the place of what stands in the files.
func (n *nginxConf) sitesOf(now map[string]string) ([]Site, error) {
	next := &nginxConf{texts: newTexts(), dir: n.dir}
	maps.Copy(next.texts.was, n.texts.was)
	maps.Copy(next.texts.was, now)
	root, err := next.load(n.main)
	if err != nil {
		return nil, err
	}
	return next.sites(root), nil
}
