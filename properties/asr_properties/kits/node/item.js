// The replicated item: what is allowed when, what each operation does, and what is seen of it.
//
// Where the contract leaves an outcome open, this implementation has one fixed choice: it refuses at once, only the job
// of a failover can be cancelled, health faults delay what they concern and make nothing fail, commit keeps the
// committed point, the points of the reverse direction are not listed, resynchronize is never offered, settings are
// changed at once in every phase.

import { checkSettings, FIRST_SETTINGS } from "./azure_settings.js";
import { Clock } from "./clock.js";
import { failedBack, inAzure, madeWith } from "./disks.js";
import { refuse } from "./errors.js";
import { FAILING, HEALTH_FAULTS, SHUTDOWN_FAULT, stopsTheFlow } from "./faults.js";
import { CANCEL_TASKS, DRILL_TASKS, FAILBACK_TASKS, FAILOVER_TASKS } from "./faults.js";
import { Job } from "./jobs.js";
import { Replication } from "./replication.js";

const MINUTE = 60;
const HYDRATION = 9 * MINUTE;

const ALLOWED = {
  not_replicated: ["enable_replication"],
  initial_replication: ["disable_replication"],
  awaiting_first_recovery_point: ["disable_replication"],
  protected: ["fail_over", "test_failover", "disable_replication"],
  failover_failed: ["fail_over", "disable_replication"],
  failover_aborted: ["disable_replication"],
  failed_over: ["commit", "change_recovery_point", "reprotect", "disable_replication"],
  failover_committed: ["reprotect", "disable_replication"],
  reverse_initial_replication: ["disable_replication"],
  reverse_protected: ["planned_failover", "disable_replication"],
  failed_back: ["commit", "reprotect", "cancel_failover", "disable_replication"],
  failback_cancel_failed: ["cancel_failover", "disable_replication"],
  failback_committed: ["reprotect", "disable_replication"],
};

const TROUBLES = {
  failover_failed: "The failover failed; it can be tried again.",
  failover_aborted: "The failover was cancelled; the machine is not replicated any more.",
  failback_cancel_failed: "The planned failover could not be cancelled; cancel it manually.",
};

const OTHER = { on_premises: "azure", azure: "on_premises" };

export class Item {
  clock = new Clock();
  jobs = new Map();
  #faults = new Map(); // fault -> the task it was injected for, or null
  #machines = {
    on_premises: { power: "on", sequence: 0, snapshot: null },
    azure: { power: "absent", sequence: 0, snapshot: null },
  };
  #written = 0;
  #job = null; // the one that runs

  // Field of the observation -> how it is read.
  static FIELDS = {
    id: (item) => item.#id,
    phase: (item) => item.#phase,
    profile_instance: (item) => (item.#reverse ? "InMageRcmFailback" : "InMageRcm"),
    active_site: (item) => item.#site,
    replicating: (item) => (item.#replicates ? `to_${OTHER[item.replication.source]}` : "none"),
    allowed_operations: (item) => item.#allowed(),
    drill: (item) => item.#drill,
    health: (item) => (item.#issues().length ? "critical" : item.#replicates ? "normal" : "none"),
    health_issues: (item) => item.#issues(),
    failover_recovery_point: (item) => item.#failoverPoint,
    last_planned_failover: (item) => item.#lastFailback,
    current_job: (item) => item.#job?.id ?? null,
  };

  #id;
  #phase;
  #drill;
  #reverse;
  #site;
  #replicates;
  #carried; // the newest record that the last failover carried over
  #failoverPoint;
  #lastFailback;
  #failbackJob;
  #settings; // of the machine that the next failover makes
  replication;

  constructor(configuration, newId) {
    Object.assign(this, { configuration, newId });
    this.#machines.on_premises.disks = madeWith(configuration);
    this.#forgetLife();
  }

  #forgetLife() {
    this.#phase = "not_replicated";
    this.#drill = "no_drill";
    this.#reverse = this.#replicates = false;
    this.#site = "on_premises";
    this.#carried = 0;
    this.#settings = { ...FIRST_SETTINGS };
    this.#failoverPoint = this.#lastFailback = this.#failbackJob = null;
    this.replication = undefined;
  }

  // -- what is seen

  observation() {
    if (this.#phase === "not_replicated") return null;
    return Object.fromEntries(Object.entries(Item.FIELDS).map(([field, read]) => [field, read(this)]));
  }

  listedPoints() {
    return this.#reverse ? [] : (this.replication?.points() ?? []);
  }

  machine(site) {
    const { power, sequence } = this.#machines[site];
    const off = site === "azure" && power === "on" && this.#faults.has("azure_vm_off");
    return { power: off ? "off" : power, sequence };
  }

  settings() {
    if (this.#phase === "not_replicated") refuse("nothing is replicated");
    return this.#settings;
  }

  updateSettings(changes) {
    checkSettings(changes);
    this.#settings = { ...this.settings(), ...changes };
  }

  azureMachine() {
    return this.#machines.azure.settings ?? null;
  }

  disks(site) {
    return this.#machines[site].disks ?? refuse("there is no machine");
  }

  #allowed() {
    if (this.#job) return [];
    if (this.#drill === "drill_awaiting_cleanup") return ["clean_up_test_failover"];
    return [...(ALLOWED[this.#phase] ?? [])];
  }

  #issues() {
    const faults = [...this.#faults.keys()].filter((fault) => fault in HEALTH_FAULTS);
    const issues = faults.map((fault) => ({ code: fault, message: HEALTH_FAULTS[fault] }));
    const trouble = TROUBLES[this.#phase];
    return trouble ? [...issues, { code: this.#phase, message: trouble }] : issues;
  }

  // -- what the surroundings do

  write() {
    const site = this.#site;
    if (this.machine(site).power !== "on") refuse("the machine at the active site is not on");
    this.#machines[site].sequence = ++this.#written;
    if (this.replication?.source === site) this.replication.write(this.#written);
    return this.#written;
  }

  inject(fault, task) {
    this.#faults.set(fault, task);
    this.replication?.stall(this.#stalled(this.replication.source));
  }

  clear(fault) {
    this.#faults.delete(fault);
    this.replication?.stall(this.#stalled(this.replication.source));
  }

  #stalled(source) {
    return stopsTheFlow(this.#faults, source === "azure");
  }

  // -- requests and jobs

  request(operation, given) {
    if (!this.#allowed().includes(operation)) refuse(`${operation} is not possible in ${this.#phase}`);
    return this[operation](given);
  }

  cancelJob(job) {
    if (!job.running || !job.mayCancel) refuse("the job cannot be cancelled");
    job.cancel();
  }

  #start(operation, scenario, steps, ends, phase = this.#phase) {
    const job = new Job(this.newId("job"), operation, scenario, steps, ends, this.clock, this.#fate);
    job.mayCancel = operation === "fail_over";
    job.ended = () => (this.#job = null);
    this.jobs.set(job.id, job);
    this.#job = job;
    this.#phase = phase;
    job.begin();
    return job;
  }

  // How a task ends is decided at its end.
  #fate = (job, task) => {
    const [fault, main] = FAILING[job.scenario] ?? [];
    if (this.#faults.has(fault) && (this.#faults.get(fault) ?? main) === task) return "fails";
    return task === FAILOVER_TASKS[1] && this.#faults.has(SHUTDOWN_FAULT) ? "fails_alone" : "succeeds";
  };

  // -- replication

  #replicate(source) {
    this.replication = new Replication(this.clock, source, this.#carried, this.configuration, this.newId);
    this.replication.stall(this.#stalled(source));
    this.#replicates = true;
  }

  #stopReplication() {
    this.#replicates = false;
    this.replication?.stop();
  }

  #resumeReplication() {
    this.#replicates = true;
    this.replication.resume();
  }

  // -- enable and disable

  enable_replication() {
    this.#id = this.newId("item");
    Object.assign(this.#machines.on_premises, { power: "on", snapshot: null });
    this.#removeAzureMachine();
    const steps = tasks(["EnableDrPrerequisitesCheck", "InstallMobilityAgent", "EnableDr"], [60, 900, 660]);
    const succeeded = () => this.#initialReplication();
    return this.#start("enable_replication", "EnableDr", steps, { succeeded }, "enabling_replication");
  }

  #initialReplication() {
    this.#phase = "initial_replication";
    this.#replicate("on_premises");
    this.replication.take(25 * MINUTE, () => {
      this.#phase = "awaiting_first_recovery_point";
      this.replication.finishInitial(this.#machines.on_premises.sequence);
      this.replication.take(20 * MINUTE, () => {
        this.#phase = "protected";
        this.replication.beginPoints();
      });
    });
  }

  disable_replication() {
    this.#stopReplication();
    const steps = tasks(["DisableDrPrerequisitesCheck", "DisableDr"], [10, 60]);
    const succeeded = () => this.#forgetLife();
    return this.#start("disable_replication", "DisableDr", steps, { succeeded }, "disabling_replication");
  }

  // -- the drill

  test_failover({ recovery_point = "latest" }) {
    this.#point(recovery_point);
    const steps = tasks(DRILL_TASKS, [60, 60, 240 + this.#hydration(), 120]);
    const awaits = () => (this.#drill = "drill_awaiting_cleanup");
    this.#drill = "drill_running";
    return this.#start("test_failover", "TestFailover", steps, { succeeded: awaits, failed: awaits });
  }

  clean_up_test_failover() {
    const names = ["TestFailoverCleanupPreflight", "EndTestFailover", "CleanUpTestVirtualMachine"];
    this.#drill = "cleaning_up_drill";
    const succeeded = () => (this.#drill = "no_drill");
    return this.#start("clean_up_test_failover", "TestFailoverCleanup", tasks(names, [10, 30, 80]), { succeeded });
  }

  // -- failover to Azure

  fail_over({ recovery_point, shut_down_source }) {
    let point = this.#point(recovery_point);
    const settings = this.#settings;
    this.#stopReplication();
    const [check, shutdown, build, start] = tasks(FAILOVER_TASKS, [60, 170, 250 + this.#hydration(), 160]);
    shutdown.skipped = !shut_down_source;
    shutdown.effect = () => this.#turn("on_premises", "off");
    build.effect = () => {
      point ??= this.#latestPoint();
      const disks = inAzure(this.disks("on_premises"));
      Object.assign(this.#machines.azure, { power: "off", sequence: point.sequence, settings, disks });
    };
    start.effect = () => this.#turn("azure", "on");
    const ends = {
      succeeded: () => {
        this.#site = "azure";
        this.#phase = "failed_over";
        this.#use(point);
      },
      failed: () => {
        this.#removeAzureMachine();
        this.#phase = "failover_failed";
      },
      cancelled: () => (this.#phase = "failover_aborted"),
    };
    return this.#start("fail_over", "UnplannedFailover", [check, shutdown, build, start], ends, "failing_over");
  }

  // The listed point that an option or id names; undefined for `latest`, whose point is only made.
  #point(option) {
    if (option === "latest") return undefined;
    const kinds = { latest_processed: undefined, latest_app_consistent: "app_consistent" };
    const points = this.listedPoints();
    const found = Object.hasOwn(kinds, option) ? this.replication.newest(kinds[option]) : points.find(({ id }) => id === option);
    return found ?? refuse(`no recovery point serves ${option}`);
  }

  // All that was received is processed first; if nothing was pending, the newest point serves.
  #latestPoint() {
    this.replication.processReceived();
    const newest = this.replication.newest();
    return newest?.sequence === this.replication.processed ? newest : this.replication.make("crash_consistent");
  }

  #use(point) {
    this.#failoverPoint = point.id;
    this.#carried = point.sequence;
  }

  change_recovery_point({ recovery_point }) {
    const point = this.listedPoints().find(({ id }) => id === recovery_point) ?? refuse("no such recovery point");
    const [check, apply] = tasks(["ApplyRecoveryPointPrerequisitesCheck", "ApplyRecoveryPoint"], [30, 270]);
    check.effect = () => this.#turn("azure", "off");
    apply.effect = () => (this.#machines.azure.sequence = point.sequence);
    const succeeded = () => {
      this.#turn("azure", "on");
      this.#phase = "failed_over";
      this.#use(point);
    };
    const steps = [check, apply];
    return this.#start("change_recovery_point", "ApplyRecoveryPoint", steps, { succeeded }, "changing_recovery_point");
  }

  commit() {
    const steps = tasks(["VmCommitPrerequisitesCheck", "VmCommit"], [0.5, 0.5]);
    const [during, after] = this.#reverse
      ? ["committing_failback", "failback_committed"]
      : ["committing_failover", "failover_committed"];
    const succeeded = () => {
      this.#makeFinal();
      this.#phase = after;
    };
    return this.#start("commit", "CommitFailover", steps, { succeeded }, during);
  }

  // After a failover no other point is left; after a failback there is no way back.
  #makeFinal() {
    this.replication.keepOnly(this.#reverse ? null : this.#failoverPoint);
    if (!this.#reverse) return;
    this.#removeAzureMachine();
    this.#machines.on_premises.snapshot = null;
  }

  // -- reprotect, either way

  reprotect() {
    const reverse = this.#reverse;
    if (!reverse && !this.configuration.datastore_visible) refuse("the appliance cannot see the datastore");
    const names = [
      "SwitchReplicationGroupProtectionPreflightTask",
      "CommitFailoverTask",
      "DiscoverReplicaTask",
      "GetSwitchProtectionRequirementsTask",
      "ProtectReplicaTask",
    ];
    const steps = tasks(names, [60, 60, 120, 120, 360]);
    steps[1].effect = () => this.#makeFinal();
    if (!reverse) steps[2].effect = () => this.#turn("on_premises", "off");
    const succeeded = () => (reverse ? this.#protectTowardsAzure() : this.#protectTowardsOnPremises());
    const phase = reverse ? "reprotecting_to_azure" : "reprotecting_to_on_premises";
    return this.#start("reprotect", "SwitchReplicationGroupProtection", steps, { succeeded }, phase);
  }

  #protectTowardsOnPremises() {
    this.#reverse = true;
    this.#failoverPoint = null;
    this.#phase = "reverse_initial_replication";
    this.#replicate("azure");
    this.replication.take(20 * MINUTE, () => {
      this.replication.finishInitial(this.#machines.azure.sequence);
      this.replication.beginPoints();
      this.#phase = "reverse_protected";
    });
  }

  #protectTowardsAzure() {
    this.#reverse = false;
    this.#lastFailback = this.#failbackJob = null;
    this.#initialReplication();
  }

  // -- failback to on-premises

  planned_failover({ recovery_point_type: kind }) {
    let point = kind === "app_consistent" ? (this.replication.newest(kind) ?? this.replication.make(kind)) : undefined;
    const azure = this.#machines.azure;
    const [check, drain, leave, prepare, start] = tasks(FAILBACK_TASKS, [60, 300, 360, 300, 240]);
    drain.effect = () => this.replication.catchUp(azure.sequence);
    leave.effect = () => {
      this.#turn("azure", "off");
      this.replication.catchUp(azure.sequence);
      point ??= this.replication.make(kind);
      this.#stopReplication();
    };
    prepare.effect = () => {
      const { sequence } = point;
      const disks = failedBack(this.disks("on_premises"));
      const before = { sequence, disks: this.disks("on_premises") };
      Object.assign(this.#machines.on_premises, { sequence, disks, snapshot: before });
    };
    start.effect = () => this.#turn("on_premises", "on");
    const ends = {
      succeeded: () => {
        this.#site = "on_premises";
        this.#carried = this.#machines.on_premises.sequence;
        this.#lastFailback = "succeeded";
        this.#phase = "failed_back";
      },
      failed: () => {
        this.#lastFailback = "failed";
        this.#revert("reverting_failback");
      },
    };
    const steps = [check, drain, leave, prepare, start];
    this.#failbackJob = this.#start("planned_failover", "PlannedFailover", steps, ends, "failing_back");
    return this.#failbackJob;
  }

  cancel_failover() {
    return this.#revert("cancelling_failback");
  }

  // Back to where the planned failover began; by the user, or by the service itself.
  #revert(phase) {
    const [check, recovery, primary, start] = tasks(CANCEL_TASKS, [30, 150, 60, 120]);
    recovery.effect = () => {
      const machine = this.#machines.on_premises;
      Object.assign(machine, machine.snapshot, { power: "off", snapshot: null });
      this.#site = "azure";
    };
    start.effect = () => this.#turn("azure", "on");
    const ends = {
      succeeded: () => {
        this.#site = "azure";
        this.#phase = "reverse_protected";
        this.#resumeReplication();
      },
      failed: () => {
        this.#stopReplication();
        this.#phase = "failback_cancel_failed";
        this.#failbackJob.errors.push({ code: "cancel_needed", message: "Cancel the planned failover manually." });
      },
    };
    return this.#start("cancel_failover", "CancelFailover", [check, recovery, primary, start], ends, phase);
  }

  // -- machines

  #turn(site, power) {
    this.#machines[site].power = power;
  }

  #removeAzureMachine() {
    this.#machines.azure = { power: "absent", sequence: 0, snapshot: null };
  }

  #hydration() {
    const { operating_system: system, dhcp, boot_drivers: drivers } = this.configuration;
    return system === "linux" || !dhcp || !drivers ? HYDRATION : 0;
  }
}

function tasks(names, seconds) {
  return names.map((name, place) => ({ name, seconds: seconds[place] }));
}
