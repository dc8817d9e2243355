package wire

import (
	"runtime"
	"runtime/debug"
)

// Version is which certdesk this is. What the build did not record is "".
type Version struct {
	Version  string `json:"version"` // of the module, "(devel)" for one that was built from a folder without Git
	Commit   string `json:"commit"`
	Time     string `json:"time"`     // of the commit, RFC 3339
	Modified bool   `json:"modified"` // files differed from the commit
	Go       string `json:"go"`
	Platform string `json:"platform"` // "linux/amd64"
}

// VersionOf is what a build recorded of itself; nil for one that recorded nothing.
func VersionOf(build *debug.BuildInfo) Version {
	v := Version{Version: "(devel)", Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	if build == nil {
		return v
	}
	if build.Main.Version != "" {
		v.Version = build.Main.Version
	}
	for _, s := range build.Settings {
		switch s.Key {
		case "vcs.revision":
			v.Commit = s.Value
		case "vcs.time":
			v.Time = s.Value
		case "vcs.modified":
			v.Modified = s.Value == "true"
		}
	}
	return v
}
