// The protocol: JSON-RPC 2.0, the order of calls, errors. There is nothing here to change.

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
)

// contractError is an answer of the contract that is no result.
type contractError struct {
	Code    int               `json:"code"`
	Message string            `json:"message"`
	Data    map[string]string `json:"data,omitempty"`
}

func (e *contractError) Error() string { return e.Message }

// refused: the item's state, its points or its surroundings decide so; the text is the reason.
func refused(format string, values ...any) error {
	reason := fmt.Sprintf(format, values...)
	return &contractError{Code: 1000, Message: "refused", Data: map[string]string{"reason": reason}}
}

// notOffered: an operation or fault that this implementation does not have.
func notOffered(format string, values ...any) error {
	return &contractError{Code: 1001, Message: fmt.Sprintf(format, values...)}
}

// invalidRequest: called out of order.
func invalidRequest(format string, values ...any) error {
	return &contractError{Code: -32600, Message: fmt.Sprintf(format, values...)}
}

// unknownMethod: no such method, or its control is not offered.
func unknownMethod(format string, values ...any) error {
	return &contractError{Code: -32601, Message: fmt.Sprintf(format, values...)}
}

// invalidParameters: parameters that do not fit, or an unknown job.
func invalidParameters(format string, values ...any) error {
	return &contractError{Code: -32602, Message: fmt.Sprintf(format, values...)}
}

// protocol keeps the order of calls.
type protocol struct {
	methods          map[string]method
	greeted, hasItem bool
}

// reply gives the reply to a line, and whether it is the last.
func (p *protocol) reply(line []byte) (reply map[string]any, last bool) {
	if !json.Valid(line) {
		unreadable := contractError{Code: -32700, Message: "no JSON document"}
		return map[string]any{"jsonrpc": "2.0", "id": nil, "error": unreadable}, false
	}
	request := struct {
		ID     json.RawMessage `json:"id"`
		Method string          `json:"method"`
		Params json.RawMessage `json:"params"`
	}{Params: json.RawMessage("{}")}
	var result json.RawMessage
	err := json.Unmarshal(line, &request)
	if err != nil {
		err = invalidRequest("%v", err)
	} else {
		result, err = p.call(request.Method, request.Params)
	}
	if err == nil {
		return map[string]any{"jsonrpc": "2.0", "id": request.ID, "result": result}, request.Method == "bye"
	}
	var known *contractError
	if !errors.As(err, &known) {
		fmt.Fprintln(os.Stderr, err) // the suite shows the last lines of stderr
		known = &contractError{Code: -32603, Message: err.Error()}
	}
	return map[string]any{"jsonrpc": "2.0", "id": request.ID, "error": known}, false
}

// call gives the result as it is sent. A panic is an error like any other, and the next request is answered again.
func (p *protocol) call(name string, params json.RawMessage) (result json.RawMessage, err error) {
	defer func() {
		if cause := recover(); cause != nil {
			printStack()
			err = fmt.Errorf("panic: %v", cause)
		}
	}()
	answer, err := p.answer(name, params)
	if err != nil {
		return nil, err
	}
	return json.Marshal(answer)
}

func (p *protocol) answer(name string, params json.RawMessage) (any, error) {
	method, known := p.methods[name]
	switch {
	case !known:
		return nil, unknownMethod("no method %s", name)
	case !p.greeted && name != "hello":
		return nil, invalidRequest("hello comes first")
	case !p.hasItem && name != "hello" && name != "new_item" && name != "bye":
		return nil, invalidRequest("new_item comes first")
	}
	var given object
	if err := json.Unmarshal(params, &given); err != nil || given == nil {
		return nil, invalidParameters("parameters go by name")
	}
	answer, err := method(given)
	if err == nil {
		p.greeted = true
		p.hasItem = p.hasItem || name == "new_item"
	}
	return answer, err
}

// printStack prints the calls that led to a panic, the last call last: the suite shows the last lines of stderr.
func printStack() {
	callers := make([]uintptr, 50)
	frames := runtime.CallersFrames(callers[:runtime.Callers(3, callers)]) // from the panic on
	lines := []string{}
	for more := true; more; {
		var frame runtime.Frame
		frame, more = frames.Next()
		lines = append(lines, fmt.Sprintf("%s:%d: %s", frame.File, frame.Line, frame.Function))
	}
	for _, line := range slices.Backward(lines) {
		fmt.Fprintln(os.Stderr, line)
	}
}
