import type { Source } from "../ports/source.ts";
import type { Log } from "../ports/log.ts";
import type { Meter } from "../ports/meter.ts";
import type { RateLimiter } from "../ports/rate-limiter.ts";
import { createDatasphereSource } from "../connectors/datasphere/index.ts";
import { readCliSecrets } from "../connectors/datasphere/cli-secrets.ts";
import { tokenUrlOf } from "../connectors/datasphere/token-url.ts";
import type { ClientCredentials } from "../connectors/datasphere/access-token.ts";
import type { ReadPolicy } from "../connectors/datasphere/read-policy.ts";
import { ALL_OBJECT_TYPES } from "../connectors/datasphere/scope.ts";
import { TidemarkError } from "../model/errors.ts";
import { meteredAgents } from "../wrappers/metered-agent.ts";
import { createMinuteBudget, type MinuteBudget } from "../wrappers/minute-budget.ts";
import type { DatasphereSourceConfig } from "./datasphere-source.ts";
import { proxyEnvironment } from "./glue-connection.ts";
import type { Pipeline } from "./pipeline.ts";
import type { Secret } from "./secret.ts";
import { systemClock, systemRandom } from "./system.ts";

/** The source of a pipeline that reads a live tenant. */
export async function openDatasphere(source: DatasphereSourceConfig, pipeline: Pipeline, meter: Meter, log: Log): Promise<Source> {
  const {
    url,
    spaces,
    object_types = ALL_OBJECT_TYPES,
    include = [],
    exclude = [],
    exposed_only = false,
    flows = true,
    definition = "deployed",
  } = source;
  const { requests_per_minute = 300, parallel_reads = 8, proxy, read_policy } = source;
  const { owners, stewards, tags, retry } = pipeline;
  const auth = await credentialsOf(source);
  const agents = meteredAgents(meter, {
    maxSockets: parallel_reads,
    clock: systemClock,
    proxy: proxyEnvironment({ endpoint: url, ...(proxy === undefined ? {} : { proxy }) }, process.env),
  });
  const tenant = createDatasphereSource({
    url,
    auth,
    agents,
    limiter: told(budgetOf(new URL(url).origin, auth.client_id, requests_per_minute), requests_per_minute, log),
    clock: systemClock,
    random: systemRandom,
    retry,
    timeout_ms: TIMEOUT_MS,
    scope: { ...(spaces === undefined ? {} : { spaces }), object_types, include, exclude, exposed_only, definition },
    flows,
    concurrency: parallel_reads,
    ...(read_policy === undefined ? {} : { policy: policyOf(read_policy) }),
    log,
    owners,
    stewards,
    tags,
  });
  return {
    ...tenant,
    async close() {
      await tenant.close();
      agents.destroy();
    },
  };
}

function policyOf({ max_age_minutes = 0, budget }: NonNullable<DatasphereSourceConfig["read_policy"]>): ReadPolicy {
  return { max_age_ms: max_age_minutes * 60_000, budget: budget ?? null };
}

const TIMEOUT_MS = 30_000;

/** The same budget, which says what is left whenever a request goes out. */
function told(budget: MinuteBudget, per_minute: number, log: Log): RateLimiter {
  return {
    async turn(options) {
      const turn = await budget.turn(options);
      log.event({ kind: "budget", left: budget.left(), per_minute });
      return turn;
    },
  };
}

// A tenant counts by its user: pipelines of one process that read as the same one share what it allows.
const budgets = new Map<string, MinuteBudget>();

function budgetOf(tenant: string, user: string, perMinute: number): MinuteBudget {
  const key = JSON.stringify([tenant, user, perMinute]);
  const budget = budgets.get(key) ?? createMinuteBudget({ clock: systemClock, perMinute });
  budgets.set(key, budget);
  return budget;
}

async function credentialsOf({ url, auth }: DatasphereSourceConfig): Promise<ClientCredentials> {
  const { secrets_file, client_id, client_secret, method = "post" } = auth;
  const secrets =
    secrets_file === undefined
      ? { client_id: client_id as string, client_secret: () => (client_secret as Secret).reveal() }
      : await readCliSecrets(secrets_file, url);
  const token_url = auth.token_url ?? ("token_url" in secrets ? secrets.token_url : undefined) ?? tokenUrlOf(url);
  if (token_url === null)
    throw new TidemarkError("config_invalid", `The token_url of ${url} cannot be derived, and ${secrets_file as string} does not say it.`, {
      remedy: "Give `auth.token_url`.",
    });
  return { client_id: secrets.client_id, client_secret: secrets.client_secret, token_url, method };
}
