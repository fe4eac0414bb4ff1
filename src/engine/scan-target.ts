import type { AssetId } from "../model/asset.ts";
import type { Checkpoint } from "../model/checkpoint.ts";
import type { Json } from "../model/json.ts";
import type { Listed } from "../model/listing.ts";
import type { FieldDrift } from "../model/outcome.ts";
import { compareCodePoints } from "../model/order.ts";
import type { CheckpointReader } from "../ports/checkpoint-store.ts";
import type { Spool, SpooledListing } from "../ports/spool.ts";
import type { Observed } from "../ports/target.ts";
import type { OwnedTable } from "./adopt-tables.ts";
import type { Parts, RunOptions } from "./parts.ts";

/** What a scan found of one table with this pipeline's mark, beside what its checkpoint tells. */
export interface ScannedTable {
  readonly asset_id: AssetId;
  readonly ref: string;
  readonly lineage: string;
  /** No checkpoint tells of a table of that asset at that place. */
  readonly added: boolean;
  /** How it differs from what was recorded. */
  readonly fields: readonly FieldDrift[];
  /** The table itself, where our part of it differs. */
  readonly table: Observed | null;
}

/** Reads the whole target once, a request for every hundred tables, and spools what it found in the order of the assets' ids. */
export async function scanTarget(
  { target, pipeline, log }: Parts,
  reader: CheckpointReader,
  spool: Spool,
  options: RunOptions,
): Promise<void> {
  log.event({ kind: "phase", phase: "recover" });
  let done = 0;
  for await (const page of target.scan(pipeline, options)) {
    options.signal.throwIfAborted();
    const recorded = await reader.get(page.flatMap(({ mark }) => (mark === null ? [] : [mark.asset_id])));
    const found = page.flatMap((table) => (table.mark === null ? [] : [compare(table, recorded.get(table.mark.asset_id))]));
    await spool.list(
      found.map(spooled),
      found.map(({ ref }) => ref),
    );
    done += page.length;
    log.event({ kind: "progress", phase: "recover", done });
  }

  function compare(table: OwnedTable, checkpoint: Checkpoint | undefined): ScannedTable {
    const { asset_id = "", lineage = "" } = table.mark ?? {};
    const known = { asset_id, ref: table.ref, lineage };
    if (checkpoint?.target?.ref !== table.ref) return { ...known, added: true, fields: [], table: null };
    const fields = target.drift(checkpoint.target, table, checkpoint);
    return { ...known, added: false, fields, table: isDrift(fields) ? table : null };
  }
}

/** True where our part of a table differs, and not only what others may change as they like. */
export function isDrift(fields: readonly FieldDrift[]): boolean {
  return fields.some(({ kept }) => kept === undefined);
}

/** Looks assets up in what was scanned. Asks must come in ascending order of their ids: so it holds one page. */
export function lookUp(spool: Spool): (id: AssetId) => Promise<ScannedTable | null> {
  const pages = spool.listed()[Symbol.asyncIterator]();
  let page: readonly SpooledListing[] = [];
  let at = 0;
  return async (id) => {
    for (;;) {
      const item = page[at];
      if (item === undefined) {
        const next = await pages.next();
        if (next.done === true) return null;
        page = next.value;
        at = 0;
      } else if (compareCodePoints(item.id, id) < 0) at++;
      else return item.id === id ? tableIn(item) : null;
    }
  };
}

// Several tables may name one asset, of which one is the recorded: the others stand behind it, told apart by their places.
function spooled(table: ScannedTable): Listed {
  const { asset_id, ref } = table;
  return { id: table.added ? `${asset_id}\n${ref}` : asset_id, scope: "", token: null, locator: table as unknown as Json };
}

function tableIn({ locator }: SpooledListing): ScannedTable {
  return locator as unknown as ScannedTable;
}
