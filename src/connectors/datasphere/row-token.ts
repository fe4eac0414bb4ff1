import type { ObjectRow } from "./list-objects.ts";
import type { DefinitionState } from "./read-definition.ts";

/** What a list's times prove of an object. */
export interface RowToken {
  readonly token: string;
  /** From when on, by the tenant's clock, no further change can bear the same times. Milliseconds since 1970. */
  readonly settles: number;
}

/**
 * A token of when an object came to be and when the state that we read was last changed; null where the list does not say.
 *
 * Times are cut to some unit, and a change within the same unit would bear the same time: the token proves something only of a
 * definition that was read after that unit had passed.
 */
export function rowToken({ createdOn, changedOn, deployedOn }: ObjectRow, state: DefinitionState): RowToken | null {
  const created = instant(createdOn);
  const changed = instant(state === "deployed" ? deployedOn : changedOn);
  if (created === null || changed === null) return null;
  return { token: `time:${created.text}/${changed.text}`, settles: changed.at + changed.unit + SLACK_MS };
}

// Between the clocks of the tenant's own machines.
const SLACK_MS = 1_000;

/** Without a zone a time is no instant: clocks may be set back. */
function instant(text: string | null | undefined): { readonly text: string; readonly at: number; readonly unit: number } | null {
  const [, seconds, fraction] = INSTANT.exec(text ?? "") ?? [];
  const at = Date.parse(text ?? "");
  if (seconds === undefined || Number.isNaN(at)) return null;
  const isFine = fraction !== undefined && /[1-9]/.test(fraction);
  return { text: text as string, at, unit: isFine ? 1 : seconds === "00" ? 60_000 : 1_000 };
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:(\d\d)(?:\.(\d{1,9}))?(?:Z|[+-]\d\d:?\d\d)$/;
