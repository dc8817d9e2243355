package certstore

import "certdesk/certstore/fail"

// begun turns the refusal of an operation that has written something already into a failure: exit codes 2, 3 and 4
// promise that every byte is as it was.
func begun(err error) error {
	if err == nil || fail.Of(err).Code.Exit() == 1 {
		return err
	}
	e := fail.Of(err)
	return &fail.Error{Code: fail.Failed, Text: e.Text, Hint: e.Hint, Err: err}
}
