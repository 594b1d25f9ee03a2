package snapshot_test

import (
	"context"
	"strconv"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/machineid/terraform-provider-machineid/internal/snapshot"
)

// TestPagesWithoutEnd gives the same token for ever. That is the end.
func TestPagesWithoutEnd(t *testing.T) {
	t.Parallel()
	var fetched atomic.Int32
	lists := snapshot.New(func(context.Context, string, string) (snapshot.Page[item], error) {
		fetched.Add(1)
		return snapshot.Page[item]{Items: []item{{"known", "v"}}, Next: "again"}, nil
	}, func(i item) string { return i.id })
	for i := range 1000 {
		if _, answered := lists.Find(t.Context(), "c", strconv.Itoa(i)); answered {
			t.Errorf("%d: answered", i)
		}
	}
	if fetched.Load() != 2 {
		t.Errorf("fetched %d times", fetched.Load())
	}
}

func TestAnItemWithoutIDIsNoAnswer(t *testing.T) {
	t.Parallel()
	lists := snapshot.New(func(context.Context, string, string) (snapshot.Page[item], error) {
		return snapshot.Page[item]{Items: []item{{"", "v"}}}, nil
	}, func(i item) string { return i.id })
	if found, answered := lists.Find(t.Context(), "c", ""); answered {
		t.Errorf("answered %v", found)
	}
}

// TestAWaitEndsWithItsContext waits for a list that another reads for an hour.
func TestAWaitEndsWithItsContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		lists := snapshot.New(func(context.Context, string, string) (snapshot.Page[item], error) {
			<-time.After(time.Hour)
			return snapshot.Page[item]{Items: []item{{"1", "v"}}}, nil
		}, func(i item) string { return i.id })
		go lists.Find(t.Context(), "c", "1")
		synctest.Wait()
		started := time.Now()
		interrupted, interrupt := context.WithTimeout(t.Context(), time.Second)
		defer interrupt()
		if _, answered := lists.Find(interrupted, "c", "1"); answered || time.Since(started) != time.Second {
			t.Errorf("answered %t after %s", answered, time.Since(started))
		}
		<-time.After(time.Hour)
	})
}

// TestForgottenWhileItIsRead forgets everything while a list is on its way: what it says may be older than that.
func TestForgottenWhileItIsRead(t *testing.T) {
	t.Parallel()
	var lists *snapshot.Lists[item]
	lists = snapshot.New(func(context.Context, string, string) (snapshot.Page[item], error) {
		lists.Forget()
		return snapshot.Page[item]{Items: []item{{"1", "v"}}}, nil
	}, func(i item) string { return i.id })
	if found, answered := lists.Find(t.Context(), "c", "1"); answered {
		t.Errorf("answered %v", found)
	}
}
