// The program: one JSON document a line from stdin, one a line to stdout. There is nothing here to change.

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"
)

func main() {
	replies := os.Stdout
	os.Stdout = os.Stderr // what is printed elsewhere does not get between the replies
	if err := serve((&adapter{}).methods(), os.Stdin, replies); err != nil {
		log.Fatal(err)
	}
}

// serve answers requests until bye or the end of the input.
func serve(methods map[string]method, in io.Reader, out io.Writer) error {
	protocol := protocol{methods: methods}
	lines, replies := bufio.NewReader(in), json.NewEncoder(out)
	for {
		line, err := lines.ReadBytes('\n') // a bufio.Scanner would give up on lines of more than 64 KB
		if len(line) == 0 && errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		reply, last := protocol.reply(line)
		if err := replies.Encode(reply); err != nil || last {
			return err
		}
	}
}
