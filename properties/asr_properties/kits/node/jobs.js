// Jobs: rows of tasks. A task takes its time, and at its end succeeds with its effect, or fails.

export class Job {
  state = "in_progress";
  errors = [];
  mayCancel = false;
  #position = -1;
  #event;

  // steps: [{name, seconds, effect, skipped}]; ends: {succeeded, failed, cancelled} -> what then happens to the item;
  // fate(job, task): "succeeds", "fails", or "fails_alone", after which the job goes on.
  constructor(id, operation, scenario, steps, ends, clock, fate) {
    Object.assign(this, { id, operation, scenario, steps, ends, clock, fate });
    this.tasks = steps.map(({ name }) => ({ name, state: "not_started" }));
  }

  get running() {
    return this.state === "in_progress";
  }

  begin() {
    this.#next();
  }

  cancel() {
    this.clock.withdraw(this.#event);
    this.tasks[this.#position].state = "cancelled";
    this.#end("cancelled");
  }

  shown() {
    return {
      state: this.state,
      scenario: this.scenario,
      tasks: this.tasks.map((task) => ({ ...task })),
      errors: [...this.errors],
      may_cancel: this.running && this.mayCancel,
    };
  }

  #next() {
    this.#position += 1;
    const step = this.steps[this.#position];
    if (!step) return this.#end("succeeded");
    if (step.skipped) {
      this.tasks[this.#position].state = "skipped";
      return this.#next();
    }
    this.tasks[this.#position].state = "in_progress";
    this.#event = this.clock.after(step.seconds, () => this.#due(step));
  }

  #due(step) {
    const end = this.fate(this, step.name);
    this.tasks[this.#position].state = end === "succeeds" ? "succeeded" : "failed";
    if (end === "succeeds") step.effect?.();
    else this.errors.push({ code: "task_failed", message: `Task ${step.name} failed.` });
    if (end === "fails") this.#end("failed");
    else this.#next();
  }

  #end(state) {
    this.state = state;
    this.ended();
    this.ends[state]?.();
  }
}
