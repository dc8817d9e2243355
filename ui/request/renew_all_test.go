package request_test

import (
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/ui/request"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

func renewAllOf(d *screen.Desk) screen.Screen {
	s := request.NewRenewAll(d, uitest.Article()).(*request.RenewAllScreen)
	var msg request.RenewalsMsg
	for i, e := range uitest.Article() {
		if e.Kind == certstore.PendingReq {
			msg.SetRefused(append(msg.Refused(), screen.Result{Name: words.Title(e), ID: e.ID, Err: fail.New(fail.RenewalPending, "import the answer", "this is a pending request")}))
			continue
		}
		msg.SetCan(append(msg.Can(), request.MakeRenewal(e, issuing.Request{SelfSigned: i == 3})))
	}
	s.Loaded(msg)
	return s
}

func TestRenewAllFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r := uitest.ArticleDesk(t, size[0], size[1])
		r.Opened(renewAllOf)
		r.Frames("batch-renew", size)
	}
}
