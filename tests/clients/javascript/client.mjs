// The official SDK for JavaScript, as it comes from npm: drives the steps on stdin, and writes what each came to.
import { readFileSync } from "node:fs";
import { SiteRecoveryManagementClient } from "@azure/arm-recoveryservices-siterecovery";

const asked = JSON.parse(readFileSync(0, "utf8"));
// A credential of one's own: any token does.
const anyToken = { getToken: async () => ({ token: "any", expiresOnTimestamp: Date.now() + 3_600_000 }) };
const client = new SiteRecoveryManagementClient(anyToken, "sub-1", { endpoint: asked.url });
const items = client.replicationProtectedItems;
const [group, vault, ...rest] = asked.address;
const address = [vault, group, ...rest]; // this SDK names the vault first

for (const step of asked.steps) {
  let item;
  if (step.until) {
    do item = await items.get(...address);
    while (item.properties.protectionState !== step.until);
  } else {
    const name = step.do.replace(/(?:^|_)(.)/g, (_, letter) => letter.toUpperCase());
    item = await items[`begin${name}AndWait`](...address, ...step.body, { updateIntervalInMs: 1 });
  }
  const seen = item?.properties;
  const details = seen?.providerSpecificDetails;
  console.log(JSON.stringify(seen ? [seen.protectionState, details.instanceType, details.constructor.name] : null));
}
