import { onTestFinished } from "vitest";
import {
  type DatasphereSandbox,
  type DatasphereSandboxOptions,
  startDatasphereSandbox,
} from "../../src/sandbox/datasphere/start-datasphere-sandbox.ts";
import { tokenOf } from "./tenant-token.ts";

/** A caller of a sandbox tenant that has a token already. */
export interface TenantCaller {
  /** Any path of the tenant, with the token. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** A path that answers with JSON, parsed; throws where the status is not 200. */
  json<T = unknown>(path: string, headers?: Readonly<Record<string, string>>): Promise<T>;
  /** A call of the sandbox's own API. */
  control(method: string, path: string, body?: unknown): Promise<{ readonly status: number; readonly body: unknown }>;
  readonly token: string;
}

/** A sandbox tenant of its own for the running test, small and without a rate limit unless told otherwise. It ends with the test. */
export async function aDatasphereSandbox(
  options: DatasphereSandboxOptions = {},
): Promise<{ readonly sandbox: DatasphereSandbox } & TenantCaller> {
  const sandbox = await startDatasphereSandbox({ assets: 60, requestsPerMinute: null, ...options });
  onTestFinished(() => sandbox.close());
  const token = await tokenOf(sandbox);
  sandbox.reset({ counts: true });
  const get: TenantCaller["get"] = (path, headers = {}) =>
    fetch(new URL(path, sandbox.url), { headers: { authorization: `Bearer ${token}`, ...headers }, redirect: "manual" });
  return {
    sandbox,
    token,
    get,
    async json<T>(path: string, headers = {}) {
      const answer = await get(path, headers);
      if (answer.status !== 200) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    async control(method, path, body) {
      const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
      const answer = await fetch(`${sandbox.url}/__sandbox/${path}`, { method, ...sent });
      return { status: answer.status, body: await answer.json() };
    },
  };
}
