// What the adapter offers, method by method. This one keeps a simulated machine; yours calls your implementation.

import { CONFIGURATION_KEYS, OPERATIONS } from "./parameters.js";
import { ContractError, INVALID_PARAMETERS } from "./errors.js";
import { Item } from "./item.js";

const DAY = 86400;

const DEFAULTS = {
  crash_consistent_minutes: 5,
  app_consistent_minutes: 0,
  retention_minutes: 4320,
  multi_vm_group: null,
  operating_system: "windows",
  dhcp: true,
  boot_drivers: true,
  iscsi_disks: 0,
  datastore_visible: true,
  data_disks: 1,
};

export class Product {
  #given = 0;
  #item;

  hello() {
    return {
      name: "node-kit",
      version: "0.1.0",
      protocol: 1,
      profile: "modernized",
      controls: ["clock", "workload", "machines", "faults", "settings", "disks"],
      fields: Object.keys(Item.FIELDS),
      configuration: CONFIGURATION_KEYS,
      operations: OPERATIONS,
    };
  }

  new_item({ configuration }) {
    // Ids are counted over all items: none is ever given twice.
    this.#item = new Item({ ...DEFAULTS, ...configuration }, (kind) => `${kind}-${++this.#given}`);
  }

  request({ operation, arguments: given }) {
    return { job: this.#item.request(operation, given).id };
  }

  job({ job }) {
    return this.#job(job).shown();
  }

  jobs() {
    return [...this.#item.jobs.keys()].reverse();
  }

  cancel_job({ job }) {
    this.#item.cancelJob(this.#job(job));
  }

  item() {
    return this.#item.observation();
  }

  recovery_points() {
    return this.#item.listedPoints();
  }

  wait({ job, seconds }) {
    const clock = this.#item.clock;
    if (job === undefined) return clock.runUntil(clock.now + seconds);
    const found = this.#job(job);
    clock.runWhile(() => found.running, DAY); // a wait takes a day at most
  }

  write() {
    return { sequence: this.#item.write() };
  }

  replication() {
    const replication = this.#item.replication;
    replication?.settle();
    return { sent: replication?.sent ?? 0, processed: replication?.processed ?? 0 };
  }

  machine({ site }) {
    const { power, sequence } = this.#item.machine(site);
    return { power, sequence: power === "absent" ? null : sequence };
  }

  inject({ fault, task }) {
    this.#item.inject(fault, task ?? null);
  }

  clear({ fault }) {
    this.#item.clear(fault);
  }

  settings() {
    return this.#item.settings();
  }

  update_settings({ changes }) {
    this.#item.updateSettings(changes);
  }

  azure_machine() {
    return this.#item.azureMachine();
  }

  disks({ site }) {
    return this.#item.disks(site);
  }

  bye() {
    this.#item = undefined;
  }

  #job(id) {
    const job = this.#item.jobs.get(id);
    if (!job) throw new ContractError(INVALID_PARAMETERS, `no job ${id}`);
    return job;
  }
}
