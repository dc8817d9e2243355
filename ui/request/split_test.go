package request_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/names"
	"certdesk/ui/uitest"
)

// 260 names, one switch, one press: three requests with their files, which openssl takes.
func TestTooManyNamesBecomeSeveralRequests(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	startWizard(r)
	r.Keys("tab")
	r.Typing("big")
	r.Keys("enter")
	r.SeesNot("several requests")
	r.Paste(uitest.ManyNames(260))
	r.Sees("several requests", "3 requests, of 87, 87 and 86 names")
	r.Keys("tab", "tab", "tab", "tab", "tab", "space")
	r.Sees("[x] several requests")
	r.Keys("ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n")
	dir := t.TempDir()
	r.Typing(filepath.Join(dir, "big.req"))
	r.Keys("ctrl+n")
	r.Sees("Create the 3 requests", "1 of 3", "big (1 of 3)")
	r.Keys("tab")
	r.Wait()
	r.Keys("enter")
	r.Sees("The 3 requests are made", "big (1 of 3)", "big (3 of 3)")
	var all []string
	for i, e := range r.Entries() {
		list := sanOf(t, filepath.Join(dir, fmt.Sprintf("big-%d.req", i+1)))
		if len(list) > 100 || e.FriendlyName != fmt.Sprintf("big (%d of 3)", i+1) {
			t.Error(len(list), e.FriendlyName)
		}
		all = append(all, list...)
	}
	want := names.Split(uitest.ManyNames(260))
	slices.Sort(want)
	slices.Sort(all)
	if len(r.Entries()) != 3 || !slices.Equal(all, want) {
		t.Errorf("%d requests, %d names: %s", len(r.Entries()), len(all), strings.Join(all[:min(9, len(all))], " "))
	}
}

func TestSplitFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r := uitest.StoreDesk(t, size[0], size[1])
		startWizard(r)
		r.Keys("ctrl+n")
		r.Paste(uitest.ManyNames(260))
		r.Keys("tab", "tab", "tab", "tab", "tab", "space")
		r.Frames("wizard-split", size)
	}
}
