/**
 * Where the tokens of a tenant are asked for, as SAP's command line derives it from the tenant's address. A tenant on this machine is a
 * sandbox, which gives them out itself. Null for any other address, such as a domain of one's own.
 */
export function tokenUrlOf(tenant: string): string | null {
  const { hostname, origin } = new URL(tenant);
  const [, prefix, landscape] = /^([^.]+)\.([^.]+)\.hcs\.cloud\.sap$/.exec(hostname) ?? [];
  if (prefix !== undefined && landscape !== undefined) return `https://${prefix}.authentication.${landscape}.hana.ondemand.com/oauth/token`;
  return isLoopback(hostname) ? `${origin}/oauth/token` : null;
}

/** True for a name or number of this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
