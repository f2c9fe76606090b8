// The one error of the page: something that does not hold, with a stable code, what was found, and where.

class Refusal extends Error {
  constructor(code, fault, where = "") {
    super(where ? `${code}: ${where}: ${fault}` : `${code}: ${fault}`);
    this.code = code;
    this.fault = fault;
    this.where = where;
  }
}

/** Throws a Refusal. */
function refuse(code, fault, where = "") {
  throw new Refusal(code, fault, where);
}

/** Throws a Refusal unless the condition holds. */
function must(condition, code, fault, where = "") {
  if (!condition) throw new Refusal(code, fault, where);
}

/** What `attempt` gives; a Refusal from inside leaves with another code, its own code and fault kept as the words. */
function under(code, where, attempt) {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new Refusal(code, `${error.code}: ${error.fault}`, where || error.where);
  }
}
