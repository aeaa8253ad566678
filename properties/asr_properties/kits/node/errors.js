// The answers of the contract that are not results.

export const REFUSED = 1000; // the item's state, its points or its surroundings decide so
export const NOT_OFFERED = 1001; // an operation or fault that this implementation does not have
export const INVALID_REQUEST = -32600; // called out of order
export const UNKNOWN_METHOD = -32601; // no such method, or its control is not offered
export const INVALID_PARAMETERS = -32602; // parameters that do not fit, an unknown job

export class ContractError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
    if (code === REFUSED) this.reason = message;
  }
}

export function refuse(reason) {
  throw new ContractError(REFUSED, reason);
}
