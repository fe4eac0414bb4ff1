import { TidemarkError } from "../model/errors.ts";
import type { PostgresStore } from "../stores/postgres/index.ts";
import type { Pipeline } from "./pipeline.ts";
import { systemClock, thisProcess } from "./system.ts";

/** The store of a pipeline whose state is kept in a PostgreSQL database. Connects to nothing yet. */
export async function openPostgres({
  name,
  checkpoint_management,
}: Pick<Pipeline, "name" | "checkpoint_management">): Promise<PostgresStore> {
  const { url, schema, compression_enabled: compress } = checkpoint_management;
  if (url === null) {
    throw new TidemarkError(
      "config_invalid",
      `Pipeline ${name} keeps its state in PostgreSQL, and checkpoint_management.url does not say where.`,
      {
        remedy: 'Give the connection URL, best from the environment: `url: "${TIDEMARK_PG}"`.',
      },
    );
  }
  const { advisoryLock, PostgresStore, serverAddress, statePlace } = await import("../stores/postgres/index.ts");
  const place = statePlace(serverAddress(url.reveal()), schema, name);
  return new PostgresStore({ place, lock: advisoryLock(place), holder: () => thisProcess(systemClock), compress });
}
