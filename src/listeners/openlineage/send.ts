import { open } from "node:fs/promises";
import type { RunEvent } from "./event.ts";

/** Hands an event on. Throws where that fails. */
export interface Send {
  /** For messages: where to. */
  readonly to: string;
  send(event: RunEvent): Promise<void>;
}

/** How long the other side may take with one event. */
const TIMEOUT_MS = 5_000;

/** Appends each event as a line of JSON. The file is its owner's alone: it names assets. */
export function toFile(path: string): Send {
  return {
    to: path,
    send: async (event) => {
      await using file = await open(path, "a", 0o600);
      await file.appendFile(`${JSON.stringify(event)}\n`);
    },
  };
}

/** Posts each event, once: a lineage backend that is down must not hold up runs. */
export function toUrl(url: string, apiKey: string | null): Send {
  const shown = new URL(url);
  return {
    to: `${shown.origin}${shown.pathname}`,
    send: async (event) => {
      const response = await fetch(url, {
        method: "POST",
        headers: { "content-type": "application/json", ...(apiKey === null ? {} : { authorization: `Bearer ${apiKey}` }) },
        body: JSON.stringify(event),
        signal: AbortSignal.timeout(TIMEOUT_MS),
        // A key is for the address that was configured, and for no other.
        redirect: "error",
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`it answered ${response.status}`);
    },
  };
}
