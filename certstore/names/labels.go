package names

import (
	"fmt"
	"strings"
)

// checkLabels holds an ASCII host to letters, digits and hyphens in labels of 1 to 63 (RFC 1123 2.1).
func checkLabels(typed, host string) error {
	labels := strings.Split(host, ".")
	for _, label := range labels {
		if why, hint := faultOf(label); why != "" {
			return invalid(typed, hint, why)
		}
	}
	if last := labels[len(labels)-1]; strings.Trim(last, "0123456789") == "" {
		return invalid(typed, "type four numbers from 0 to 255, or a name that ends in letters",
			"it looks like an IP address but is not one")
	}
	return nil
}

func faultOf(label string) (why, hint string) {
	switch {
	case label == "":
		return "there is nothing between two dots", "type it with one dot between two labels"
	case len(label) > 63:
		return fmt.Sprintf("a label has %d characters", len(label)), "keep each part between dots at 63 characters or fewer"
	case label[0] == '-' || label[len(label)-1] == '-':
		return "a label begins or ends with a hyphen", "take the hyphen away"
	case strings.Trim(label, ldh) != "":
		return "it has characters no host name can have", "use letters, digits and hyphens, with a comma between two names"
	}
	return "", ""
}

const ldh = "abcdefghijklmnopqrstuvwxyz0123456789-"
