package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/printable"
)

// thumbprints completes a thumbprint of the live entries, or of the trash, with its friendly name beside it.
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
		var out []string
		for _, e := range entries {
			if strings.HasPrefix(e.Thumbprint, strings.ToUpper(begun)) {
				out = append(out, cobra.CompletionWithDesc(e.Thumbprint, printable.Text(e.FriendlyName)))
			}
		}
		return out, cobra.ShellCompDirectiveNoFileComp
	}
}

// offer completes a flag's value from a fixed list.
func offer(cmd *cobra.Command, flag string, values ...string) {
	_ = cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, cobra.ShellCompDirectiveNoFileComp))
}

// offerServices completes --services by the name of each.
func offerServices(cmd *cobra.Command) {
	offer(cmd, "services", certstore.Services(^certstore.Services(0)).Names()...)
}
