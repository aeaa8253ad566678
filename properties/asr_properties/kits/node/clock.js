// Virtual time: seconds since the item was made. It passes only while the suite waits.

export class Clock {
  now = 0;
  #due = [];
  #made = 0;

  // Have `action` run in so many seconds; gives what `withdraw` takes.
  after(seconds, action) {
    const event = { at: this.now + seconds, order: this.#made++, action };
    this.#due.push(event);
    return event;
  }

  withdraw(event) {
    this.#due = this.#due.filter((other) => other !== event);
  }

  runUntil(instant) {
    for (let next = this.#next(); next && next.at <= instant; next = this.#next()) this.#run(next);
    this.now = instant;
  }

  runWhile(pending, most) {
    const last = this.now + most;
    for (let next = this.#next(); next && pending(); next = this.#next()) {
      if (next.at > last) return this.runUntil(last);
      this.#run(next);
    }
  }

  #next() {
    let first;
    for (const event of this.#due) {
      if (!first || event.at < first.at || (event.at === first.at && event.order < first.order)) first = event;
    }
    return first;
  }

  #run(event) {
    this.withdraw(event);
    this.now = event.at;
    event.action();
  }
}
