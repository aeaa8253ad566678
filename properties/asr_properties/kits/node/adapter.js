// The adapter: JSON-RPC 2.0 over stdin and stdout, one JSON document per line. Logs belong on stderr.
//
// Everything that the protocol asks for is here: the order of calls, the shape of requests and replies, the error
// codes. What is behind it is `product.js`: put your own implementation there.

import { createInterface } from "node:readline";
import { ContractError, INVALID_PARAMETERS, INVALID_REQUEST, UNKNOWN_METHOD } from "./errors.js";
import { checkParameters } from "./parameters.js";
import { Product } from "./product.js";

const product = new Product();
let greeted = false;
let hasItem = false;

function answer(method, parameters) {
  if (typeof product[method] !== "function" || !checkParameters.has(method)) {
    throw new ContractError(UNKNOWN_METHOD, `no method ${method}`);
  }
  if (!greeted && method !== "hello") throw new ContractError(INVALID_REQUEST, "hello comes first");
  if (!hasItem && !["hello", "new_item", "bye"].includes(method)) {
    throw new ContractError(INVALID_REQUEST, "new_item comes first");
  }
  checkParameters.get(method)(parameters);
  const result = product[method](parameters) ?? null;
  greeted = method === "bye" ? false : greeted || method === "hello";
  hasItem = method === "bye" ? false : hasItem || method === "new_item";
  return result;
}

function replyTo(line) {
  let request;
  try {
    request = JSON.parse(line);
  } catch (error) {
    return { jsonrpc: "2.0", id: null, error: { code: -32700, message: error.message } };
  }
  const { id = null, method, params = {} } = request ?? {};
  try {
    if (typeof method !== "string") throw new ContractError(INVALID_REQUEST, "no method");
    if (params === null || typeof params !== "object" || Array.isArray(params)) {
      throw new ContractError(INVALID_PARAMETERS, "parameters go by name");
    }
    return { jsonrpc: "2.0", id, result: answer(method, params) };
  } catch (error) {
    if (!(error instanceof ContractError)) {
      console.error(error.stack); // the suite shows the last lines of stderr
      return { jsonrpc: "2.0", id, error: { code: -32603, message: error.message } };
    }
    const data = error.reason === undefined ? {} : { data: { reason: error.reason } };
    return { jsonrpc: "2.0", id, error: { code: error.code, message: error.message, ...data } };
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const reply = replyTo(line);
  const after = line.includes('"bye"') && "result" in reply ? () => process.exit(0) : undefined;
  process.stdout.write(JSON.stringify(reply) + "\n", after);
});
