// The adapter: the contract's methods, each a few lines that ask your product. This one asks product.go.
//
// What you leave out of hello is not judged: begin with little, and add operations, fields and controls one by one.

package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

type adapter struct {
	given   int
	product *product
}

// methods are those that the program answers. Leave out what belongs to a control that hello does not offer.
func (a *adapter) methods() map[string]method {
	return map[string]method{
		"hello":           takes(a.hello),
		"new_item":        takes(a.newItem),
		"request":         takes(a.request),
		"job":             takes(a.job),
		"jobs":            takes(a.jobs),
		"cancel_job":      takes(a.cancelJob),
		"item":            takes(a.item),
		"recovery_points": takes(a.recoveryPoints),
		"wait":            takes(a.wait),
		"bye":             takes(a.bye),
	}
}

// operations are those that request takes; they get its arguments.
func (a *adapter) operations() map[string]method {
	return map[string]method{
		"enable_replication":  takes(a.enableReplication),
		"disable_replication": takes(a.disableReplication),
	}
}

// newID counts over all items: no id is ever given twice.
func (a *adapter) newID(kind string) string {
	a.given++
	return fmt.Sprintf("%s-%d", kind, a.given)
}

func (a *adapter) hello(given greeting) (map[string]any, error) {
	if given.Protocol != 1 {
		return nil, invalidParameters("protocol %d is not spoken here", given.Protocol)
	}
	return map[string]any{
		"name":          "go-kit",
		"version":       "0.1.0",
		"protocol":      1,
		"profile":       "modernized",
		"controls":      []string{"clock"},
		"fields":        keysOf[observation](),
		"configuration": keysOf[configuration](),
		"operations":    slices.Sorted(maps.Keys(a.operations())),
	}, nil
}

func (a *adapter) newItem(given fresh) (any, error) {
	chosen := configuration{CrashConsistentMinutes: 5, RetentionMinutes: 4320}
	if err := fit(given.Configuration, &chosen); err != nil {
		return nil, err
	}
	if chosen.CrashConsistentMinutes <= 0 || chosen.RetentionMinutes < 0 {
		return nil, invalidParameters("there is no configuration %+v", chosen)
	}
	a.product = newProduct(chosen, a.newID)
	return nil, nil
}

func (a *adapter) request(given asked) (any, error) {
	operation, offered := a.operations()[given.Operation]
	if !offered {
		return nil, notOffered("no operation %s", given.Operation)
	}
	return operation(given.Arguments)
}

func (a *adapter) enableReplication(nothing) (any, error) {
	return started(a.product.enableReplication())
}

func (a *adapter) disableReplication(nothing) (any, error) {
	return started(a.product.disableReplication())
}

// started answers a request. Only what the item's state forbids is refused; any other error is a defect: -32603.
func started(job string, err error) (any, error) {
	if errors.Is(err, errNotPossible) {
		return nil, refused("%v", err)
	}
	return map[string]string{"job": job}, err
}

func (a *adapter) job(given ofJob) (map[string]any, error) {
	found, err := a.find(given.Job)
	if err != nil {
		return nil, err
	}
	return map[string]any{
		"state":      found.state,
		"scenario":   found.scenario,
		"tasks":      []any{},
		"errors":     []any{},
		"may_cancel": false,
	}, nil
}

func (a *adapter) jobs(nothing) ([]string, error) {
	ids := []string{} // not nil, which JSON has as null
	for _, job := range slices.Backward(a.product.jobs) {
		ids = append(ids, job.id)
	}
	return ids, nil
}

func (a *adapter) cancelJob(given ofJob) (any, error) {
	if _, err := a.find(given.Job); err != nil {
		return nil, err
	}
	return nil, refused("jobs can't be cancelled")
}

func (a *adapter) item(nothing) (*observation, error) {
	return a.product.seen(), nil
}

func (a *adapter) recoveryPoints(nothing) ([]point, error) {
	return a.product.recoveryPoints(), nil
}

func (a *adapter) wait(given until) (any, error) {
	if (given.Job == nil) == (given.Seconds == nil) || (given.Seconds != nil && *given.Seconds < 0) {
		return nil, invalidParameters("wait takes exactly one of job and seconds, which is not negative")
	}
	if given.Seconds != nil {
		a.product.passTimeUntil(a.product.now + *given.Seconds)
		return nil, nil
	}
	found, err := a.find(*given.Job)
	if err != nil {
		return nil, err
	}
	a.product.passTimeUntil(max(a.product.now, found.ends))
	return nil, nil
}

func (a *adapter) bye(nothing) (any, error) {
	a.product = nil
	return nil, nil
}

func (a *adapter) find(id string) (*job, error) {
	for _, job := range a.product.jobs {
		if job.id == id {
			return job, nil
		}
	}
	return nil, invalidParameters("no job %s", id)
}
