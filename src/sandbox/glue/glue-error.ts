/** An error of the service as it goes over the wire: `code` becomes `__type`, the status is 400 except for what the service itself did wrong. */
export class GlueError extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status: number = code === "InternalServiceException" ? 500 : 400) {
    super(message);
    this.name = "GlueError";
    this.code = code;
    this.status = status;
  }
}

/** A database, table or version that is not there. `what` begins the sentence: `Table orders`. */
export function notFound(what: string): GlueError {
  return new GlueError("EntityNotFoundException", `${what} not found.`);
}

/** Input that satisfies the model's limits and is refused all the same. */
export function invalidInput(message: string): GlueError {
  return new GlueError("InvalidInputException", message);
}

/** Broken limits, told as the service tells them: how many, and each with value, path and constraint. */
export function validationError(violations: readonly string[]): GlueError {
  const count = violations.length === 1 ? "1 validation error" : `${violations.length} validation errors`;
  return new GlueError("ValidationException", `${count} detected: ${violations.join("; ")}`);
}
