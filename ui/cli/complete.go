package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/printable"
	"certdesk/ui/words"
)

// thumbprints completes what names one of the live entries, or of the trash.
func (a *app) thumbprints(removed bool) cobra.CompletionFunc {
	return func(cmd *cobra.Command, _ []string, begun string) ([]string, cobra.ShellCompDirective) {
		a.flags.readOnly = true
		s, err := a.open(cmd.Context())
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		defer s.close()
		entries, err := s.store.List(cmd.Context(), removed)
		if err != nil {
			return nil, cobra.ShellCompDirectiveError
		}
		return namings(entries, begun), cobra.ShellCompDirectiveNoFileComp
	}
}

// namings are what entries may be called by in a command that begins so: each friendly name that only one has, and
// each thumbprint, with the other beside it.
func namings(entries []certstore.Entry, begun string) (out []string) {
	have := map[string]int{}
	for _, e := range entries {
		have[strings.ToLower(e.FriendlyName)]++
	}
	begins := func(text string) bool {
		return strings.HasPrefix(strings.ToLower(text), strings.ToLower(begun)) && !strings.HasPrefix(text, "-")
	}
	for _, e := range entries {
		name := printable.Text(e.FriendlyName)
		if have[strings.ToLower(e.FriendlyName)] == 1 && name == e.FriendlyName && begins(name) {
			out = append(out, cobra.CompletionWithDesc(name, words.Short(e)))
		}
		if begins(e.Thumbprint) {
			out = append(out, cobra.CompletionWithDesc(e.Thumbprint, name))
		}
	}
	return out
}

// offer completes a flag's value from a fixed list.
func offer(cmd *cobra.Command, flag string, values ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// offerServices completes a flag that takes services by the name of each.
func offerServices(cmd *cobra.Command, flag string) {
	offer(cmd, flag, certstore.Services(^certstore.Services(0)).Names()...)
}
