package serve

import (
	"os"
	"os/signal"
	"syscall"
	"time"
)

// orphanCheck is how often a process that was asked to end looks whether the CLI is still there.
const orphanCheck = time.Second

// outlive keeps this process until the CLI is done with it. What ends a whole group of processes, as timeout, init systems and
// runners of pipelines do with SIGTERM, and a terminal with SIGHUP, reaches the provider as well: ended at once, it would take
// with it what is being made, and what the CLI asks of it while it ends in order. If the CLI is gone, finish is called, and the
// process ends.
func outlive(finish func()) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM, syscall.SIGHUP)
	go orphaned(asked, os.Getppid, func() {
		finish()
		os.Exit(1)
	})
}

// orphaned calls finish if there is another parent than at the start, once the process was asked to end.
func orphaned(asked <-chan os.Signal, parent func() int, finish func()) {
	cli := parent()
	<-asked
	every := time.NewTicker(orphanCheck)
	defer every.Stop()
	for range every.C {
		if parent() != cli {
			finish()
			return
		}
	}
}
