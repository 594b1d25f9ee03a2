package main

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// TestStore walks an object through its life.
func TestStore(t *testing.T) {
	t.Parallel()
	kind := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"id": tftypes.String, "label": tftypes.String, "active": tftypes.Bool, "made": tftypes.Number, "tags": tftypes.List{ElementType: tftypes.String},
	}}
	plan := func(label string) tftypes.Value {
		return tftypes.NewValue(kind, map[string]tftypes.Value{
			"id": tftypes.NewValue(tftypes.String, tftypes.UnknownValue), "label": tftypes.NewValue(tftypes.String, label),
			"active": tftypes.NewValue(tftypes.Bool, tftypes.UnknownValue), "made": tftypes.NewValue(tftypes.Number, tftypes.UnknownValue),
			"tags": tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, tftypes.UnknownValue),
		})
	}
	held := &store{}
	first, err := held.create(plan("first"))
	if err != nil || !first.IsFullyKnown() {
		t.Fatalf("%v, %v", first, err)
	}
	second, err := held.create(plan("second"))
	if err != nil || second.Equal(first) || len(held.objects) != 2 {
		t.Fatalf("%v, %v", second, err)
	}
	if read, err := held.read(first); err != nil || !read.Equal(first) {
		t.Errorf("%v, %v", read, err)
	}
	changed, err := held.update(first, plan("changed"))
	if err != nil || len(held.objects) != 2 {
		t.Errorf("%v, %v, %d objects", changed, err, len(held.objects))
	}
	if err := held.remove(second); err != nil || len(held.objects) != 1 {
		t.Errorf("%v, %d objects", err, len(held.objects))
	}
	// What an earlier process made is held as the state has it.
	if read, err := held.read(second); err != nil || !read.Equal(second) || len(held.objects) != 2 {
		t.Errorf("%v, %v, %d objects", read, err, len(held.objects))
	}
}
