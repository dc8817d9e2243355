package asking

import (
	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/probe"
	"certdesk/ui/screen"
)

// OfferedURLs are the ports that are offered for an entry.
func OfferedURLs(v *enabling.Survey, e certstore.Entry) (list []string) {
	for _, o := range offersFor(v, e) {
		list = append(list, o.url)
	}
	return list
}

// QuestionOf is what the form would ask.
func QuestionOf(s screen.Screen) (probe.Request, string) { return s.(*askScreen).question() }
