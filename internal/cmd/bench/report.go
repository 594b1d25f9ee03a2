package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"
)

// report is everything that was measured.
type report struct {
	settings
	results     []result
	limitedPlan *limitedPlan
	start       readiness
}

// markdown is what the documentation shows.
func (r *report) markdown() string {
	var page strings.Builder
	fmt.Fprintf(&page, "\nMeasured on %d processor cores with %s of memory, by %s on %s/%s; %s for each request, parallelism %d.\n\n",
		runtime.NumCPU(), machineMemory(), runtime.Version(), runtime.GOOS, runtime.GOARCH, r.latency, parallelism)
	page.WriteString("| System | Keys | Accounts | Command | Requests | Time | Floor | Ratio | `terraform_data` | Memory | Floor's |\n")
	page.WriteString("|---|---:|---:|---|---:|---:|---:|---:|---:|---:|---:|\n")
	for _, measured := range r.results {
		row(&page, measured, "apply", measured.applied.all, measured.applies)
		row(&page, measured, "plan", measured.planned.all, measured.plans)
	}
	if limited := r.limitedPlan; limited != nil {
		fmt.Fprintf(&page, "\nWith the documented limit of DT Studio, 25 requests in 5 seconds, a plan of %s keys in %d accounts sends %d requests, "+
			"for which the limit alone takes %s. It took %s, %.2f times as long; the floor took %s.\n",
			thousands(limitedKeys), limitedKeys/keysPerAccount, limited.requests, seconds(limited.minimum()), seconds(limited.wall),
			ratio(limited.wall, limited.minimum()), seconds(limited.floor))
	}
	fmt.Fprintf(&page, "\nThe provider is ready %d ms after its start, the floor after %d ms (medians of %d starts).\n\n",
		middle(r.start.ours).Milliseconds(), middle(r.start.floor).Milliseconds(), len(r.start.ours))
	return page.String()
}

func row(page *strings.Builder, measured result, command string, requests int, trials []trial) {
	fmt.Fprintf(page, "| %s | %s | %s | %s | %s | %s | %s | %.2f | %s | %s | %s |\n",
		systemNames[measured.system], thousands(measured.keys), thousands(measured.keys/keysPerAccount), command, thousands(requests),
		seconds(middle(walls(trials, ours))), seconds(middle(walls(trials, floors))), ratioOf(trials),
		seconds(middle(walls(trials, plains))), mebibytes(peak(trials, ours)), mebibytes(peak(trials, floors)))
}

var systemNames = map[string]string{"zenml": "ZenML", "dt": "DT Studio", "neowit": "Neowit", "keycard": "Keycard"}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

func mebibytes(bytes int64) string {
	if bytes == 0 {
		return "not seen"
	}
	return fmt.Sprintf("%d MiB", (bytes+1<<19)>>20)
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// machineMemory is how much this machine has.
func machineMemory() string {
	content, err := os.ReadFile("/proc/meminfo")
	if err != nil {
		return "an unknown size"
	}
	var kibibytes int
	if _, err := fmt.Sscanf(string(content), "MemTotal: %d kB", &kibibytes); err != nil {
		return "an unknown size"
	}
	return fmt.Sprintf("%.0f GiB", float64(kibibytes)/(1<<20))
}
