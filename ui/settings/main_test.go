package settings_test

import (
	"testing"

	"certdesk/ui/uitest"
)

func TestMain(m *testing.M) { uitest.Main(m) }
