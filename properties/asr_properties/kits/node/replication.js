// Replication in one direction: records are written, sent, processed; recovery points are made of what is processed.

const SEND_SECONDS = 15;
const PROCESS_SECONDS = 45;
const HOUR = 3600;

// Age from which one point is kept of each stretch of so many seconds; everything younger is kept.
const THINNING = [
  [168 * HOUR, 4 * HOUR],
  [24 * HOUR, 2 * HOUR],
  [2 * HOUR, HOUR],
];

export class Replication {
  sent;
  processed;
  #points = []; // oldest first
  #unsent = [];
  #unprocessed = [];
  #initial = true;
  #stopped = false;
  #stalled = false;
  #phase; // the step of setting up that replication is in: {left, since, event, action}
  #schedules = []; // {kind, seconds, event}
  #firstPoint;

  // base: the newest record that both sites share already.
  constructor(clock, source, base, configuration, newId) {
    Object.assign(this, { clock, source, configuration, newId });
    this.sent = this.processed = base;
  }

  get runs() {
    return !this.#stopped && !this.#stalled;
  }

  // Have `action` run once replication has run for so many seconds.
  take(seconds, action) {
    this.#phase = { left: seconds, action };
    if (this.runs) this.#count();
  }

  // All that the source holds has arrived; from now on changes flow.
  finishInitial(newest) {
    this.#initial = false;
    this.catchUp(newest);
  }

  beginPoints() {
    const { crash_consistent_minutes: crash, app_consistent_minutes: app } = this.configuration;
    this.#firstPoint = this.clock.now;
    this.#schedules.push({ kind: "crash_consistent", seconds: crash * 60 });
    if (app) this.#schedules.push({ kind: "app_consistent", seconds: app * 60 });
    this.make("crash_consistent");
    for (const schedule of this.#schedules) this.#schedule(schedule);
  }

  write(sequence) {
    this.#unsent.push({ due: this.clock.now + SEND_SECONDS, sequence });
  }

  catchUp(newest) {
    this.#unsent = [];
    this.sent = newest;
    this.processReceived();
  }

  processReceived() {
    this.settle();
    this.#unprocessed = [];
    this.processed = this.sent;
  }

  // Bring the records to where they are now.
  settle() {
    if (!this.runs || this.#initial) return;
    while (this.#unsent.length && this.#unsent[0].due <= this.clock.now) {
      const { due, sequence } = this.#unsent.shift();
      this.sent = sequence;
      this.#unprocessed.push({ due: due + PROCESS_SECONDS, sequence });
    }
    while (this.#unprocessed.length && this.#unprocessed[0].due <= this.clock.now) {
      this.processed = this.#unprocessed.shift().sequence;
    }
  }

  // For the sake of an operation: the points stay as they are.
  stop() {
    if (this.#stopped) return;
    this.#hold();
    this.#prune();
    this.#stopped = true;
  }

  resume() {
    this.#stopped = false;
    this.#goOn();
  }

  // By a fault: nothing flows and no point is made, and the points grow old all the same.
  stall(stalled) {
    if (stalled === this.#stalled) return;
    if (stalled) this.#hold();
    this.#stalled = stalled;
    this.#goOn();
  }

  // Make a point of what is processed; retention 0 keeps none.
  make(kind, sequence = undefined) {
    this.settle();
    const point = {
      id: this.newId("point"),
      kind,
      created: this.clock.now,
      multi_vm: this.configuration.multi_vm_group !== null,
      sequence: sequence ?? this.processed,
    };
    if (this.configuration.retention_minutes > 0) this.#points.push(point);
    if (!this.#stopped) this.#prune();
    return point;
  }

  keepOnly(id) {
    this.#points = this.#points.filter((point) => point.id === id);
  }

  // Newest first.
  points() {
    if (!this.#stopped) this.#prune();
    return [...this.#points].reverse();
  }

  newest(kind = undefined) {
    return this.points().find((point) => kind === undefined || point.kind === kind);
  }

  #hold() {
    this.settle();
    if (!this.runs) return;
    if (this.#phase?.event) {
      this.clock.withdraw(this.#phase.event);
      this.#phase.left -= this.clock.now - this.#phase.since;
      this.#phase.event = undefined;
    }
    for (const schedule of this.#schedules) this.clock.withdraw(schedule.event);
  }

  #goOn() {
    if (!this.runs) return;
    for (const record of this.#unsent) record.due = this.clock.now + SEND_SECONDS;
    for (const record of this.#unprocessed) record.due = this.clock.now + PROCESS_SECONDS;
    if (this.#phase && !this.#phase.event) this.#count();
    for (const schedule of this.#schedules) this.#schedule(schedule);
  }

  #count() {
    const phase = this.#phase;
    phase.since = this.clock.now;
    phase.event = this.clock.after(phase.left, () => {
      this.#phase = undefined;
      phase.action();
    });
  }

  #schedule(schedule) {
    this.clock.withdraw(schedule.event);
    schedule.event = this.clock.after(schedule.seconds, () => {
      this.make(schedule.kind);
      this.#schedule(schedule);
    });
  }

  #prune() {
    const taken = new Set();
    this.#points = this.#points.filter((point) => {
      const age = this.clock.now - point.created;
      if (age >= this.configuration.retention_minutes * 60) return false;
      const stretch = THINNING.find(([from]) => age >= from)?.[1];
      if (stretch === undefined) return true;
      const place = `${point.kind} ${stretch} ${Math.floor((point.created - this.#firstPoint) / stretch)}`;
      return taken.has(place) ? false : taken.add(place);
    });
  }
}
