import type { StateHead } from "../../model/checkpoint.ts";
import { parseStored } from "../../model/stored-json.ts";
import { readMeta, type Rows, writeMeta } from "./state-rows.ts";

export type StoredHead = Omit<StateHead, "format">;

export async function readHead(rows: Rows): Promise<StoredHead> {
  return parseStored(await readMeta(rows, "head")) as unknown as StoredHead;
}

export async function writeHead(rows: Rows, head: StoredHead): Promise<void> {
  await writeMeta(rows, "head", JSON.stringify(head));
}
