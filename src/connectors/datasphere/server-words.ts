import { isJsonObject, type Json } from "../../model/json.ts";
import { parseJson } from "../../model/parse-json.ts";
import type { TenantReply } from "./tenant-http.ts";

/** What an answer says of itself, on one line, for people: its status, the words of either interface's error, and a number to ask SAP with. */
export function wordsOf(reply: Pick<TenantReply, "status" | "headers" | "body">): string {
  const words = plain(saidIn(reply.body));
  const correlation = CORRELATION.map((name) => reply.headers.get(name)).find((id) => id !== undefined && /^[\w.:-]{1,80}$/.test(id));
  const id = correlation === undefined ? "" : ` [correlation id ${correlation}]`;
  return `status ${reply.status}${words === "" ? "" : ` (${words})`}${id}`;
}

/** A text from outside as it may stand in a message: on one line, short, and without anything that looks like a token. */
export function plain(text: string): string {
  const hidden = text.replaceAll(/\b(Bearer|Basic)\s+\S+/gi, "$1 [secret]").replaceAll(/\beyJ[\w-]+\.[\w-]+(\.[\w-]*)?/g, "[secret]");
  return hidden
    .replaceAll(/[\p{C}\p{Z}]+/gu, " ")
    .trim()
    .slice(0, LONGEST);
}

const LONGEST = 300;
const CORRELATION = ["x-correlationid", "x-correlation-id", "x-vcap-request-id", "x-request-id"];

function saidIn(body: Uint8Array): string {
  const text = Buffer.from(body.subarray(0, LARGEST_ERROR)).toString();
  try {
    const json = parseJson(text);
    const said = [
      at(json, "error", "message"),
      at(json, "details", "message"),
      at(json, "message"),
      at(json, "error_description"),
      at(json, "error"),
    ];
    return said.find((words) => typeof words === "string") ?? "";
  } catch {
    return text.trimStart().startsWith("<") ? "" : text;
  }
}

const LARGEST_ERROR = 64 * 1024;

function at(json: Json, ...keys: readonly string[]): Json | undefined {
  let value: Json | undefined = json;
  for (const key of keys) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}
