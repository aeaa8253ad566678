// The faults: those that make the tasks of jobs fail, and those of health, which stop the flow of data.

export const FAILOVER_TASKS = ["VmUfoPrerequisitesCheck", "VmShutdownVmOnPrimary", "VmFailover", "VmFoStartVmOnSecondary"];
export const DRILL_TASKS = [
  "TestFailoverPrerequisitesCheck",
  "StartTestFailover",
  "CreateTestVirtualMachine",
  "StartTestVirtualMachine",
];
export const FAILBACK_TASKS = [
  "VmPfoPrerequisitesCheck",
  "VmPrepareForFailover",
  "VmFailover",
  "VmPrepareProtectedEntitiesTask",
  "VmFoStartVmOnSecondary",
];
export const CANCEL_TASKS = [
  "CancelFailoverPreflightChecksTask",
  "CancelFailoverRecovery",
  "CancelFailoverPrimary",
  "StartVmOnPrimary",
];

export const SHUTDOWN_FAULT = "source_shutdown_fails";

// Fault -> the tasks it can concern.
export const JOB_FAULTS = {
  [SHUTDOWN_FAULT]: ["VmShutdownVmOnPrimary"],
  failover_fails: [...FAILOVER_TASKS, ...DRILL_TASKS],
  planned_failover_fails: FAILBACK_TASKS,
  cancel_fails: CANCEL_TASKS,
};

// Scenario of a job -> the fault that makes it fail, and the task that fails if the fault names none.
export const FAILING = {
  UnplannedFailover: ["failover_fails", "VmFailover"],
  TestFailover: ["failover_fails", "CreateTestVirtualMachine"],
  PlannedFailover: ["planned_failover_fails", "VmFailover"],
  CancelFailover: ["cancel_fails", "CancelFailoverRecovery"],
};

// Fault of health -> what is said of it.
export const HEALTH_FAULTS = {
  appliance_unhealthy: "The appliance is not healthy.",
  replication_unhealthy: "Replication is not healthy.",
  azure_vm_off: "The machine in Azure is off.",
  mobility_agent_stopped: "The mobility agent does not run.",
  service_urls_blocked: "The service cannot be reached.",
  datastore_unreachable: "The datastore cannot be reached.",
};

export const FAULTS = [...Object.keys(JOB_FAULTS), ...Object.keys(HEALTH_FAULTS)];

// There is no machine in Azure yet, and the datastore is the source's own.
const ONLY_REVERSE = ["azure_vm_off", "datastore_unreachable"];

export function stopsTheFlow(active, reverse) {
  return [...active.keys()].some((fault) => fault in HEALTH_FAULTS && (reverse || !ONLY_REVERSE.includes(fault)));
}
