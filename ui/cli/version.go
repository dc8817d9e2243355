package cli

import (
	"runtime/debug"

	"github.com/spf13/cobra"

	"certdesk/ui/cli/wire"
)

func (a *app) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "which certdesk this is: version, commit, Go",
		Args:  a.noArgs,
		RunE:  func(*cobra.Command, []string) error { return a.version() },
	}
}

// versionFlag makes --version the same as the command, on the root alone.
func (a *app) versionFlag(root *cobra.Command) {
	asked := root.Flags().Bool("version", false, "which certdesk this is")
	open := root.RunE
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if *asked {
			return a.version()
		}
		return open(cmd, args)
	}
}

// version needs neither store nor configuration: somebody may ask because these cannot be read.
func (a *app) version() error {
	build, _ := debug.ReadBuildInfo()
	v := wire.VersionOf(build)
	if a.flags.json {
		return a.printJSON(v)
	}
	a.print("%s\n", versionWords(v))
	return nil
}

func versionWords(v wire.Version) string {
	text := "certdesk " + v.Version
	switch {
	case v.Commit == "":
		text += ", commit not recorded"
	case v.Modified:
		text += ", commit " + v.Commit + " and changes on top"
	default:
		text += ", commit " + v.Commit
	}
	return text + ", " + v.Go + " " + v.Platform
}
