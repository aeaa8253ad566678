// Parameters: each method takes a struct, whose tags name the keys. There is nothing here to change.
//
// encoding/json alone lets too much pass: it takes keys in any case, null for everything, and does not miss a key.

package main

import (
	"encoding/json"
	"maps"
	"reflect"
	"strings"
)

// object is a JSON object whose values are not looked into yet.
type object map[string]json.RawMessage

// method answers a call with these parameters.
type method func(given object) (any, error)

// takes makes a method of a function whose parameters are a struct.
func takes[Parameters, Result any](call func(Parameters) (Result, error)) method {
	return func(given object) (any, error) {
		var parameters Parameters
		if err := fit(given, &parameters); err != nil {
			return nil, err
		}
		return call(parameters)
	}
}

// fit puts an object into a struct. It must have the keys of the struct and no others, each with a value of its type;
// a key may be left out if its tag has omitempty, and the field stays as it is.
func fit(given object, into any) error {
	shape := reflect.ValueOf(into).Elem()
	rest := maps.Clone(given)
	for i := range shape.NumField() {
		key, options, _ := strings.Cut(shape.Type().Field(i).Tag.Get("json"), ",")
		value, found := given[key]
		delete(rest, key)
		switch {
		case !found && options == "omitempty":
			continue
		case !found:
			return invalidParameters("%s is missing", key)
		case string(value) == "null":
			return invalidParameters("%s can't be null", key)
		}
		if err := json.Unmarshal(value, shape.Field(i).Addr().Interface()); err != nil {
			return invalidParameters("%s does not fit: %v", key, err)
		}
	}
	for key := range rest {
		return invalidParameters("there is no %s here", key)
	}
	return nil
}

// keysOf lists the keys of a struct.
func keysOf[Struct any]() []string {
	keys := []string{}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[Struct]()) {
		key, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		keys = append(keys, key)
	}
	return keys
}
