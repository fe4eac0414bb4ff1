/** A request that the tenant refuses. Its text goes into the body, in the form of the interface that was asked. */
export class TenantError extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "TenantError";
    this.status = status;
    this.headers = headers;
  }
}

export function badRequest(message: string): TenantError {
  return new TenantError(400, message);
}

export function notFound(what: string): TenantError {
  return new TenantError(404, `${what} could not be found.`);
}

/** A space that the technical user is no member of, or that there is none of: the tenant does not say which. */
export function forbidden(space: string): TenantError {
  return new TenantError(403, `You are not authorized to access the space ${space}.`);
}
