package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// lookEvery is short against what a provider needs to fill its memory. The kernel keeps the peak, so that only what
// happens after the last look is missed.
const lookEvery = 20 * time.Millisecond

// memory watches how much the children of a process need at most. It sees nothing where there is no /proc.
type memory struct {
	stop chan struct{}
	done sync.WaitGroup
	peak int64
}

func watchMemory(parent int) *memory {
	m := &memory{stop: make(chan struct{})}
	m.done.Go(func() {
		ticker := time.NewTicker(lookEvery)
		defer ticker.Stop()
		for {
			select {
			case <-m.stop:
				return
			case <-ticker.C:
				m.look(parent)
			}
		}
	})
	return m
}

// end returns the peak in bytes.
func (m *memory) end() int64 {
	close(m.stop)
	m.done.Wait()
	return m.peak
}

func (m *memory) look(parent int) {
	lists, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", parent))
	for _, list := range lists {
		children, err := os.ReadFile(list)
		if err != nil {
			continue
		}
		for child := range strings.FieldsSeq(string(children)) {
			m.peak = max(m.peak, peakOf(child))
		}
	}
}

// peakOf is the most memory that a provider has ever had resident. Before it is one, a new process is its parent.
func peakOf(process string) int64 {
	if running, err := os.Readlink("/proc/" + process + "/exe"); err != nil || filepath.Base(running) != providerName {
		return 0
	}
	status, err := os.ReadFile("/proc/" + process + "/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		text, found := bytes.CutPrefix(line, []byte("VmHWM:"))
		if !found {
			continue
		}
		kibibytes, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(string(text)), "kB")), 10, 64)
		return kibibytes << 10
	}
	return 0
}
