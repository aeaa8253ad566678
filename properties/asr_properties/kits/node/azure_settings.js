// The settings of the machine in Azure: what each life begins with, and what Azure allows.

import { refuse } from "./errors.js";

export const FIRST_SETTINGS = {
  name: "vm",
  resource_group: "recovered",
  size: "Standard_D2s_v3",
  disk_type: "StandardSSD_LRS",
  network: "recovery-network",
  subnet: "default",
  ip_address: null, // given by the network
};

const ALLOWED = {
  name: /^[A-Za-z0-9]([A-Za-z0-9-]{0,62}[A-Za-z0-9])?$/,
  size: /^(Standard|Basic)_[A-Za-z0-9_]+$/,
  network: /^[A-Za-z0-9/][A-Za-z0-9/_.-]*$/,
};

export function checkSettings(changes) {
  for (const [key, value] of Object.entries(changes)) {
    if (ALLOWED[key] && !ALLOWED[key].test(value)) refuse(`Azure does not allow the ${key} ${value}`);
  }
}
