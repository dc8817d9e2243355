package cli

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"certdesk/certstore/fail"
)

// flagError says in a person's words what is wrong with a flag; cobra's own words are a programmer's.
func flagError(cmd *cobra.Command, err error) error {
	var (
		noValue *pflag.ValueRequiredError
		bad     *pflag.InvalidValueError
		unknown *pflag.NotExistError
		broken  *pflag.InvalidSyntaxError
	)
	switch {
	case errors.As(err, &noValue):
		return usage(cmd, "--%s needs a value", noValue.GetSpecifiedName())
	case errors.As(err, &bad):
		return usage(cmd, "--%s %s: %s", bad.GetFlag().Name, bad.GetValue(), wants(bad))
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() != "":
		return usage(cmd, "there is no flag -%.1s", unknown.GetSpecifiedName())
	case errors.As(err, &unknown):
		return usage(cmd, "there is no flag --%s", unknown.GetSpecifiedName())
	case errors.As(err, &broken):
		return usage(cmd, "%s is not a flag", broken.GetSpecifiedFlag())
	}
	return usage(cmd, "%s", err)
}

// wants says what a flag takes, to somebody who gave something else.
func wants(bad *pflag.InvalidValueError) string {
	switch kind := bad.GetFlag().Value.Type(); {
	case kind == "int" && errors.Is(bad, strconv.ErrRange):
		return "the number is too large"
	case kind == "int":
		return "it takes a whole number"
	case kind == "bool":
		return "it takes no value, true or false"
	}
	return "it takes words separated by commas, without quotes inside"
}

// notSet follows a value that is empty: most are a script's variable that was never filled.
const notSet = "is empty: was a variable not set?"

// emptyFlag refuses a flag whose value is there and says nothing: it is never the same as no flag.
func emptyFlag(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		for _, value := range flagValues(f) {
			if err == nil && isBlank(value) {
				err = usage(cmd, "--%s %s", f.Name, notSet)
			}
		}
	})
	return err
}

func flagValues(f *pflag.Flag) []string {
	list, ok := f.Value.(pflag.SliceValue)
	switch {
	case !ok:
		return []string{f.Value.String()}
	case len(list.GetSlice()) == 0:
		return []string{""}
	}
	return list.GetSlice()
}

// isBlank says whether a value, or a list, holds nothing.
func isBlank(value string) bool { return strings.Trim(value, ", \t\r\n") == "" }

// noSuch is the error for a word that is no command of cmd, with the one that may be meant.
func noSuch(cmd *cobra.Command, word, what string) error {
	hint := cmd.CommandPath() + " --help lists the commands"
	if meant := suggestions(cmd, word); len(meant) > 0 {
		hint = "did you mean " + strings.Join(meant, " or ") + "?"
	}
	return fail.New(fail.Usage, hint, "%q is %s", word, what)
}

// suggestions are the commands whose name is near a word. A slip of the finger rarely hits the first letter.
func suggestions(cmd *cobra.Command, word string) (near []string) {
	cmd.SuggestionsMinimumDistance = 2
	for _, name := range cmd.SuggestionsFor(word) {
		if word != "" && strings.EqualFold(name[:1], word[:1]) {
			near = append(near, fmt.Sprintf("`%s %s`", cmd.CommandPath(), name))
		}
	}
	return near
}
