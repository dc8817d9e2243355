package wire

import (
	"flag"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/domains"
	"certdesk/certstore/health"
)

var update = flag.Bool("update", false, "add the new fields to testdata/json-fields.txt")

// printed are what the commands print with --json.
var printed = []any{Entry{}, Results{}, Enabled{}, EnablePlan{}, Draft{}, Port{}, Verified{}, Error{}, Comparison{}, Version{}, Check{}, Renewals{}, Authority{}, Notify{},
	certstore.Event{}, health.Report{}, domains.Domain{}, Remark{}, Why{}}

// Fields are added, never renamed, and keep their type: every line of the file is true as long as certdesk is.
func TestFieldsAreAddedNeverRenamed(t *testing.T) {
	fields := map[string]bool{}
	for _, value := range printed {
		collect(fields, reflect.TypeOf(value))
	}
	file := filepath.Join("..", "..", "..", "testdata", "json-fields.txt")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	kept := strings.Fields(strings.ReplaceAll(string(text), " ", "="))
	for _, field := range kept {
		if !fields[field] {
			t.Errorf("%s is gone, or of another type: scripts rely on it", field)
		}
	}
	now := slices.Sorted(maps.Keys(fields))
	if *update && !t.Failed() {
		all := strings.ReplaceAll(strings.Join(now, "\n"), "=", " ") + "\n"
		if err := os.WriteFile(file, []byte(all), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, field := range now {
		if !slices.Contains(kept, field) {
			t.Errorf("%s is new: go test ./ui/cli/wire -update adds it for good", field)
		}
	}
}

// collect adds the fields of a struct, and of those within it, each as Struct.field=type.
func collect(fields map[string]bool, kind reflect.Type) {
	for _, field := range reflect.VisibleFields(kind) {
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name == "-" || field.Anonymous || !field.IsExported() {
			continue
		}
		inner := field.Type
		for inner.Kind() == reflect.Slice || inner.Kind() == reflect.Pointer {
			inner = inner.Elem()
		}
		plain, object := inner.Kind().String(), inner.Kind() == reflect.Struct && inner != reflect.TypeFor[time.Time]()
		if object {
			plain = inner.Name()
			collect(fields, inner)
		}
		prefix := strings.TrimSuffix(field.Type.String(), inner.String())
		fields[kind.Name()+"."+name+"="+prefix+plain] = true
	}
}
