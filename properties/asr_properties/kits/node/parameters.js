// What the parameters of each method must be: exactly the declared keys, each of its type.

import { FIRST_SETTINGS } from "./azure_settings.js";
import { FAULTS, JOB_FAULTS } from "./faults.js";
import { ContractError, INVALID_PARAMETERS, NOT_OFFERED } from "./errors.js";

const string = (value) => typeof value === "string";
const boolean = (value) => typeof value === "boolean";
const notNegative = (value) => typeof value === "number" && value >= 0;
const oneOf = (...words) => (value) => words.includes(value);
const optional = (fits) => Object.assign((value) => value === undefined || fits(value), { optional: true });

const CONFIGURATION = {
  crash_consistent_minutes: (value) => typeof value === "number" && value > 0,
  app_consistent_minutes: notNegative,
  retention_minutes: notNegative,
  multi_vm_group: (value) => value === null || string(value),
  operating_system: oneOf("windows", "linux"),
  dhcp: boolean,
  boot_drivers: boolean,
  iscsi_disks: (value) => Number.isInteger(value) && value >= 0,
  datastore_visible: boolean,
  data_disks: (value) => Number.isInteger(value) && value >= 0,
};

const ARGUMENTS = {
  enable_replication: {},
  test_failover: { recovery_point: optional(string) },
  clean_up_test_failover: {},
  fail_over: { recovery_point: string, shut_down_source: boolean },
  change_recovery_point: { recovery_point: string },
  commit: {},
  reprotect: {},
  planned_failover: { recovery_point_type: oneOf("crash_consistent", "app_consistent") },
  cancel_failover: {},
  disable_replication: {},
  resynchronize: {},
};

export const CONFIGURATION_KEYS = Object.keys(CONFIGURATION);
export const OPERATIONS = Object.keys(ARGUMENTS);

function unfit(what) {
  throw new ContractError(INVALID_PARAMETERS, what);
}

function check(shape, given, where) {
  if (given === null || typeof given !== "object" || Array.isArray(given)) unfit(`${where} is no object`);
  for (const key of Object.keys(given)) if (!Object.hasOwn(shape, key)) unfit(`${where} takes no ${key}`);
  for (const [key, fits] of Object.entries(shape)) {
    if (!Object.hasOwn(given, key) ? !fits.optional : !fits(given[key])) unfit(`${where}: ${key} does not fit`);
  }
}

const object = () => true; // looked into further below

function checkRequest(parameters) {
  check({ operation: string, arguments: object }, parameters, "request");
  const shape = Object.hasOwn(ARGUMENTS, parameters.operation) && ARGUMENTS[parameters.operation];
  if (!shape) throw new ContractError(NOT_OFFERED, `no operation ${parameters.operation}`);
  check(shape, parameters.arguments, parameters.operation);
}

function checkNewItem(parameters) {
  check({ configuration: object }, parameters, "new_item");
  const optionally = Object.fromEntries(Object.entries(CONFIGURATION).map(([key, fits]) => [key, optional(fits)]));
  check(optionally, parameters.configuration, "configuration");
}

function checkWait(parameters) {
  check({ job: optional(string), seconds: optional(notNegative) }, parameters, "wait");
  if (Object.keys(parameters).length !== 1) unfit("wait takes exactly one of job and seconds");
}

function checkFault(parameters) {
  check({ fault: string, task: optional(string) }, parameters, "the fault");
  const { fault, task } = parameters;
  if (!FAULTS.includes(fault)) throw new ContractError(NOT_OFFERED, `no fault ${fault}`);
  if (task !== undefined && !(JOB_FAULTS[fault] ?? []).includes(task)) unfit(`${fault} concerns no task ${task}`);
}

function checkUpdate(parameters) {
  check({ changes: object }, parameters, "update_settings");
  const fits = (key) => (key === "ip_address" ? (value) => value === null || string(value) : string);
  const shape = Object.fromEntries(Object.keys(FIRST_SETTINGS).map((key) => [key, optional(fits(key))]));
  check(shape, parameters.changes, "changes");
  if (Object.keys(parameters.changes).length === 0) unfit("there are no changes");
}

function checkClear(parameters) {
  check({ fault: string }, parameters, "clear");
  checkFault(parameters);
}

const plain = (shape) => (parameters) => check(shape, parameters, "the call");

export const checkParameters = new Map(
  Object.entries({
    hello: plain({ protocol: oneOf(1) }),
    new_item: checkNewItem,
    request: checkRequest,
    job: plain({ job: string }),
    jobs: plain({}),
    cancel_job: plain({ job: string }),
    item: plain({}),
    recovery_points: plain({}),
    wait: checkWait,
    write: plain({}),
    replication: plain({}),
    machine: plain({ site: oneOf("on_premises", "azure") }),
    inject: checkFault,
    clear: checkClear,
    settings: plain({}),
    update_settings: checkUpdate,
    azure_machine: plain({}),
    disks: plain({ site: oneOf("on_premises", "azure") }),
    bye: plain({}),
  }),
);
