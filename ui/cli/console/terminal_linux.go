package console

import "golang.org/x/sys/unix"

const getTermios, setTermios = unix.TCGETS, unix.TCSETS

// undumpable keeps other processes of the same user from reading this one's memory; a core_pattern that pipes
// would otherwise ignore RLIMIT_CORE.
func undumpable() { _ = unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0) }
