package cli

import (
	"os"
	"runtime"
	"runtime/debug"
	"testing"

	"certdesk/ui/cli/wire"
)

func TestVersion(t *testing.T) {
	o := newOffice(t)
	o.write("certdesk.toml", "nonsense")
	for _, args := range [][]string{{"version"}, {"--version"}} {
		contains(t, o.must(args...).out, "certdesk ", runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH)
		var v wire.Version
		o.decode(o.must(append(args, "--json")...).out, &v)
		if v.Go != runtime.Version() || v.Version == "" {
			t.Errorf("%+v", v)
		}
	}
	if _, err := os.Stat(o.store()); err == nil {
		t.Error("a store was made")
	}
}

func TestWhatTheBuildRecordedIsTold(t *testing.T) {
	build := &debug.BuildInfo{Main: debug.Module{Version: "v1.2.3"}, Settings: []debug.BuildSetting{
		{Key: "vcs.revision", Value: "abc"}, {Key: "vcs.time", Value: "2026-11-29T00:00:00Z"}, {Key: "vcs.modified", Value: "true"}}}
	contains(t, versionWords(wire.VersionOf(build)), "certdesk v1.2.3, commit abc and changes on top, go")
	contains(t, versionWords(wire.VersionOf(nil)), "certdesk (devel), commit not recorded, go")
	if v := wire.VersionOf(build); !v.Modified || v.Time != "2026-11-29T00:00:00Z" {
		t.Errorf("%+v", v)
	}
}
