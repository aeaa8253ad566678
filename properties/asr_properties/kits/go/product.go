// A stand-in for your product: replication of one machine can be enabled and disabled, on virtual time.

package main

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
)

const minute, hour = 60.0, 3600.0 // in seconds, which need not be whole

// Age from which one recovery point is kept of each stretch of so many seconds; what is younger is kept.
var thinning = []struct{ age, stretch float64 }{{168 * hour, 4 * hour}, {24 * hour, 2 * hour}, {2 * hour, hour}}

// errNotPossible is why an operation does not begin.
var errNotPossible = errors.New("the item's state forbids it")

type product struct {
	newID    func(kind string) string
	interval float64
	keeps    float64 // how old a point may become
	now      float64
	due      []event // what comes next is first
	jobs     []*job
	running  *job
	item     *item // nil while nothing is replicated
}

type event struct {
	at     float64
	action func()
}

type job struct {
	id, state, scenario string
	ends                float64
}

// item is one life, from enable to disable: what was to happen to an earlier one cannot reach a later one.
type item struct {
	id, phase, replicating string
	points                 []point // oldest first
}

func newProduct(chosen configuration, newID func(kind string) string) *product {
	return &product{
		newID:    newID,
		interval: chosen.CrashConsistentMinutes * minute,
		keeps:    chosen.RetentionMinutes * minute,
	}
}

// Time.

func (p *product) after(seconds float64, action func()) {
	p.due = append(p.due, event{p.now + seconds, action})
	slices.SortStableFunc(p.due, func(a, b event) int { return cmp.Compare(a.at, b.at) })
}

func (p *product) passTimeUntil(end float64) {
	for len(p.due) > 0 && p.due[0].at <= end {
		next := p.due[0]
		p.due = p.due[1:]
		p.now = next.at
		next.action()
	}
	p.now = end
}

// Operations: each begins a job and gives its id.

func (p *product) enableReplication() (string, error) {
	if p.item != nil {
		return "", fmt.Errorf("enable_replication in %s: %w", p.item.phase, errNotPossible)
	}
	life := &item{id: p.newID("item"), replicating: "none"}
	p.item = life
	return p.begin("EnableDr", 27*minute, "enabling_replication", func() {
		life.phase, life.replicating = "initial_replication", "to_azure"
		p.after(25*minute, func() { p.reach(life, "awaiting_first_recovery_point") })
		p.after(45*minute, func() {
			p.reach(life, "protected")
			p.makePoint(life)
		})
	}), nil
}

// reach goes on, unless replication was disabled meanwhile.
func (p *product) reach(life *item, phase string) {
	if life.replicating == "to_azure" {
		life.phase = phase
	}
}

func (p *product) disableReplication() (string, error) {
	if p.item == nil || p.running != nil {
		return "", fmt.Errorf("disable_replication: %w", errNotPossible)
	}
	p.item.replicating = "none"
	return p.begin("DisableDr", 70, "disabling_replication", func() { p.item = nil }), nil
}

func (p *product) begin(scenario string, seconds float64, phase string, atEnd func()) string {
	begun := &job{id: p.newID("job"), state: "in_progress", scenario: scenario, ends: p.now + seconds}
	p.jobs = append(p.jobs, begun)
	p.item.phase, p.running = phase, begun
	p.after(seconds, func() {
		begun.state = "succeeded"
		p.running = nil
		atEnd()
	})
	return begun.id
}

// Recovery points.

func (p *product) makePoint(life *item) {
	if life.replicating != "to_azure" {
		return
	}
	life.points = append(life.points, point{ID: p.newID("point"), Kind: "crash_consistent", Created: p.now})
	life.points = p.kept(life.points)
	p.after(p.interval, func() { p.makePoint(life) })
}

// kept gives the points that retention keeps; of a stretch the oldest.
func (p *product) kept(points []point) []point {
	kept := []point{} // not nil, which JSON has as null
	taken := map[[2]float64]bool{}
	for _, point := range points {
		age := p.now - point.Created
		if age >= p.keeps {
			continue
		}
		if stretch := stretchAt(age); stretch > 0 {
			place := [2]float64{stretch, math.Floor(point.Created / stretch)}
			if taken[place] {
				continue
			}
			taken[place] = true
		}
		kept = append(kept, point)
	}
	return kept
}

// stretchAt gives the length of the stretches of which one point is kept at an age; 0 while all are.
func stretchAt(age float64) float64 {
	for _, thinned := range thinning {
		if age >= thinned.age {
			return thinned.stretch
		}
	}
	return 0
}

// What is seen.

// recoveryPoints gives the points, newest first.
func (p *product) recoveryPoints() []point {
	if p.item == nil {
		return []point{}
	}
	points := p.kept(p.item.points)
	slices.Reverse(points)
	return points
}

func (p *product) seen() *observation {
	if p.item == nil {
		return nil
	}
	seen := &observation{
		ID:          p.item.id,
		Phase:       p.item.phase,
		ActiveSite:  "on_premises",
		Replicating: p.item.replicating,
		Drill:       "no_drill",
		Health:      "normal",
	}
	if p.running != nil {
		seen.CurrentJob = &p.running.id
	}
	return seen
}
