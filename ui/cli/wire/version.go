package wire

import (
	"cmp"
	"runtime"
	"runtime/debug"
)

// release is the version that the newest entry of packaging/changelog has; "" for what is not made by packaging.
var release string

// Version is which certdesk this is. What the build did not record is "".
type Version struct {
	Version  string `json:"version"` // of the release, else of the module: "(devel)" without Git
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
	v.Version = cmp.Or(release, build.Main.Version, v.Version)
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
