// The contract's shapes, as far as this adapter knows them. hello takes from here what it says of fields and keys.

package main

// configuration has the keys that are honoured.
type configuration struct {
	CrashConsistentMinutes float64 `json:"crash_consistent_minutes,omitempty"`
	RetentionMinutes       float64 `json:"retention_minutes,omitempty"`
}

// observation has the fields that are reported; a pointer is for what can be null.
type observation struct {
	ID          string  `json:"id"`
	Phase       string  `json:"phase"`
	ActiveSite  string  `json:"active_site"`
	Replicating string  `json:"replicating"`
	Drill       string  `json:"drill"`
	Health      string  `json:"health"`
	CurrentJob  *string `json:"current_job"`
}

type point struct {
	ID      string  `json:"id"`
	Kind    string  `json:"kind"`
	Created float64 `json:"created"`
	MultiVM bool    `json:"multi_vm"`
}

// Parameters. What has omitempty may be left out.

type nothing struct{}

type greeting struct {
	Protocol int `json:"protocol"`
}

type fresh struct {
	Configuration object `json:"configuration"`
}

type asked struct {
	Operation string `json:"operation"`
	Arguments object `json:"arguments"`
}

type ofJob struct {
	Job string `json:"job"`
}

// until has pointers, so that what was left out can be told from zero.
type until struct {
	Job     *string  `json:"job,omitempty"`
	Seconds *float64 `json:"seconds,omitempty"`
}
