package daemontest

import "os"

// Plain says whether this is a plain run, in which one daemon stands for all: the full run (CERTDESK_ALL=1) has all.
func Plain(driver string) bool { return driver != "nginx" && os.Getenv("CERTDESK_ALL") == "" }
