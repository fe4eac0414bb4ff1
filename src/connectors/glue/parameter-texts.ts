import type { Parameters } from "./table-document.ts";

/** Texts to keep under parameter names; what is undefined or null is left out. */
export type Texts = { readonly [parameter: string]: string | null | undefined };

/**
 * Parameters that keep any texts exactly. A text longer than a parameter may be is split over `name.0`, `name.1`, …; one that the
 * wire might alter (empty, or with half a surrogate pair) stands in JSON under `name.json`.
 */
export function toParameters(texts: Texts): Parameters {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => {
      if (text === null || text === undefined) return [];
      if (text === "" || !text.isWellFormed()) return pieces(`${name}.json`, JSON.stringify(text));
      return pieces(name, text);
    }),
  );
}

/** The text that {@link toParameters} kept under a name; null where there is none, or where somebody's edit left none to be read. */
export function textOf(parameters: Parameters, name: string): string | null {
  return joined(parameters, name) ?? quotedText(joined(parameters, `${name}.json`));
}

/** Glue's limit for a value; its pages count bytes in one place and characters in another, so bytes. */
const VALUE_BYTES = 512_000;

function pieces(name: string, text: string): readonly (readonly [string, string])[] {
  if (Buffer.byteLength(text) <= VALUE_BYTES) return [[name, text]];
  const found: string[] = [];
  for (let rest = text; rest !== ""; rest = rest.slice(found.at(-1)?.length)) found.push(startOf(rest, VALUE_BYTES));
  return found.map((piece, index) => [`${name}.${index}`, piece]);
}

/** The longest start of a text within so many bytes of UTF-8, never half a character. */
export function startOf(text: string, bytes: number): string {
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(bytes));
  return text.slice(0, read);
}

function quotedText(json: string | null): string | null {
  try {
    const text: unknown = JSON.parse(json ?? "null");
    return typeof text === "string" ? text : null;
  } catch {
    return null;
  }
}

function joined(parameters: Parameters, name: string): string | null {
  const whole = own(parameters, name);
  if (whole !== undefined) return whole;
  let text: string | null = null;
  for (let index = 0; ; index++) {
    const piece = own(parameters, `${name}.${index}`);
    if (piece === undefined) return text;
    text = (text ?? "") + piece;
  }
}

function own(parameters: Parameters, name: string): string | undefined {
  return Object.hasOwn(parameters, name) ? parameters[name] : undefined;
}
