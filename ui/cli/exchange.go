package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"certdesk/ui/words"
	"certdesk/wizard"
	"certdesk/wizard/exchange"
)

// exchangeFlag adds the flag of commands that show some of the Exchange Management Shell.
func exchangeFlag(cmd *cobra.Command, word *string) {
	var list []string
	for i, word := range exchange.Words() {
		if title := exchange.Version(i).String(); title != word {
			word += " (" + title + ")"
		}
		list = append(list, word)
	}
	cmd.Flags().StringVar(word, "exchange", exchange.Words()[0], "the `version` of Exchange whose shell's commands are "+
		"shown: "+strings.Join(list, "; "))
	offer(cmd, "exchange", exchange.Words()...)
}

// exchangeOf is the version that the flag names.
func exchangeOf(cmd *cobra.Command, word string) (exchange.Version, error) {
	v, ok := exchange.Parse(word)
	if !ok {
		return v, usage(cmd, "--exchange %s is not known: use %s", word, strings.Join(exchange.Words(), ", "))
	}
	return v, nil
}

// shellOf is the heading of the commands of a version.
func shellOf(env wizard.Env) string {
	return "In the " + words.ManagementShell + ", Exchange " + env.Exchange.String()
}
