package ledger

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestChangedSettingsAreToldAndChangeNothing(t *testing.T) {
	for data, want := range map[string]string{
		`{"settings":{"file":"/etc/c.toml","changed":[{"key":"server","old":"\"a\"","new":"\"b\""},{"key":"role","new":"\"hub\""},{"key":"service 2","old":"use = \"UM\""}]}}`: `changed the settings in /etc/c.toml: server is "b", it was "a"; role is "hub"; service 2 is left out, it was use = "UM"`,
		`{}`:              "changed the settings",
		`{"settings":{}}`: "changed the settings",
		"{\"settings\":{\"file\":\"\\u001b[31m\",\"changed\":[{\"key\":\"\\n\"}]}}": "changed the settings in ",
	} {
		st := NewState(func(int) string { return "root" })
		line := DecodeLine(Record{Seq: 1, Op: OpSetting, Data: json.RawMessage(data)})
		text := st.Event(line).Text
		st.Apply(line)
		if !strings.HasPrefix(text, want) || strings.ContainsAny(text, "\n\x1b") || len(st.Problems) > 0 || len(st.Rows) > 0 {
			t.Errorf("%q %v", text, st.Problems)
		}
	}
}
