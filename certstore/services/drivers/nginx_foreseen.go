package drivers

import "certdesk/certstore/services/daemon"

// sitesOf reads the configuration with these texts in the place of what stands in the files.
func (n *nginxConf) sitesOf(now map[string]string) ([]daemon.Site, error) {
	next, err := n.withTexts(now)
	if err != nil {
		return nil, err
	}
	return next.sites(), nil
}
