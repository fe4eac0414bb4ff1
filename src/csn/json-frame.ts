import { endOfString, JsonSyntaxError } from "../model/json-reader.ts";

/** One member of an object in a text. */
export interface Member {
  /** Where the key begins, quote included, and the offset behind it. */
  readonly keyStart: number;
  readonly keyEnd: number;
  /** The same of the value. */
  readonly start: number;
  readonly end: number;
  /** How many objects and arrays stand inside one another in the value. */
  readonly depth: number;
}

/**
 * The members of the object that begins at `start`, in their order, without a look into their values.
 *
 * What holds the members together is checked strictly, the values only for balanced brackets: whoever believes one parses it.
 * Throws {@link JsonSyntaxError}. The text may be UTF-8 bytes read as Latin-1; then all offsets are those of bytes.
 */
export function membersAt(text: string, start: number): { readonly members: readonly Member[]; readonly end: number } {
  const members: Member[] = [];
  let at = afterSpace(text, start + 1);
  if (text[at] === "}") return { members, end: at + 1 };
  for (;;) {
    if (text[at] !== '"') throw new JsonSyntaxError(text, at, "a key in quotes");
    const keyEnd = behindString(text, at);
    const colon = afterSpace(text, keyEnd);
    if (text[colon] !== ":") throw new JsonSyntaxError(text, colon, '":"');
    const valueStart = afterSpace(text, colon + 1);
    const { end, depth } = valueAt(text, valueStart);
    members.push({ keyStart: at, keyEnd, start: valueStart, end, depth });
    at = afterSpace(text, end);
    if (text[at] === "}") return { members, end: at + 1 };
    if (text[at] !== ",") throw new JsonSyntaxError(text, at, '"," or "}"');
    at = afterSpace(text, at + 1);
  }
}

/** The first offset from `at` on that is no white space of JSON. */
export function afterSpace(text: string, at: number): number {
  let next = at;
  while (next < text.length && " \t\n\r".includes(text[next] as string)) next++;
  return next;
}

function valueAt(text: string, at: number): { readonly end: number; readonly depth: number } {
  const first = text[at];
  if (first === '"') return { end: behindString(text, at), depth: 0 };
  if (first === "{" || first === "[") return bracketsAt(text, at);
  let end = at;
  while (/[\w.+-]/.test(text[end] ?? "")) end++;
  if (end === at) throw new JsonSyntaxError(text, at, "a value");
  return { end, depth: 0 };
}

function bracketsAt(text: string, start: number): { readonly end: number; readonly depth: number } {
  let open = 0;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x22) at = behindString(text, at) - 1;
    else if (unit === 0x7b || unit === 0x5b) depth = Math.max(depth, ++open);
    else if ((unit === 0x7d || unit === 0x5d) && --open === 0) return { end: at + 1, depth };
  }
  throw new JsonSyntaxError(text, text.length, "a closing bracket");
}

function behindString(text: string, at: number): number {
  const end = endOfString(text, at);
  if (end < 0) throw new JsonSyntaxError(text, text.length, "a closing quote");
  return end + 1;
}
