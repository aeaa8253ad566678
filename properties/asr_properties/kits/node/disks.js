// The disks of the machines, one by one.

export function madeWith({ data_disks: data, iscsi_disks: iscsi }) {
  const kinds = [["vmdk", "os"], ...Array(data).fill(["vmdk", "data"]), ...Array(iscsi).fill(["iscsi", "data"])];
  return kinds.map(([kind, role], place) => ({ id: `disk-${place + 1}`, kind, role, source: null }));
}

// A managed disk for each vmdk; disks over iSCSI stay what they are.
export function inAzure(disks) {
  const managed = ({ id, role }) => ({ id: `${id}-managed`, kind: "managed", role, source: id });
  return disks.map((disk) => (disk.kind === "iscsi" ? disk : managed(disk)));
}

// After a failback there is a vmdk for each disk over iSCSI, which holds its data.
export function failedBack(disks) {
  const copied = new Set(disks.map(({ source }) => source));
  const left = disks.filter(({ kind, id }) => kind === "iscsi" && !copied.has(id));
  return [...disks, ...left.map(({ id }) => ({ id: `${id}-vmdk`, kind: "vmdk", role: "data", source: id }))];
}
