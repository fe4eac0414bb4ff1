import type { Content } from "../../model/asset.ts";
import { startOf } from "./parameter-texts.ts";

/** A text as Glue's own field can show it. The whole of it stands in our parameters. */
export interface VisibleText {
  /** Undefined for nothing to show. */
  readonly text: string | undefined;
  /** The field has not the room for all of it. */
  readonly cut: boolean;
}

/** A table's `Description`: the business name, a blank line, the description. */
export function describe({ business_name, description }: Pick<Content, "business_name" | "description">): VisibleText {
  const parts = [business_name, description].filter((part) => part !== null && part !== "");
  return fit(parts.join("\n\n").toWellFormed().replace(NOT_IN_A_TEXT, " "), 2_048);
}

/** A column's `Comment`: its label. */
export function comment(label: string | null): VisibleText {
  return oneLine(label);
}

/** A table's `Owner`. */
export function ownerName(owner: string | null): VisibleText {
  return oneLine(owner);
}

function oneLine(text: string | null): VisibleText {
  return fit((text ?? "").toWellFormed().replace(LINE_ENDS, " ").replace(NOT_IN_A_TEXT, " ").trim(), 255);
}

// Glue's reference counts these lengths in bytes in one place and in characters in another: in bytes is within both.
function fit(text: string, bytes: number): VisibleText {
  if (text === "") return { text: undefined, cut: false };
  if (Buffer.byteLength(text) <= bytes) return { text, cut: false };
  return { text: `${startOf(text, bytes - Buffer.byteLength(ELLIPSIS)).trimEnd()}${ELLIPSIS}`, cut: true };
}

const ELLIPSIS = "…";
const LINE_ENDS = /\s*[\r\n]+\s*/gu;
// What Glue's patterns for texts leave out. (Line ends are gone from what must be one line.)
const NOT_IN_A_TEXT = /[^\u0020-\uFFFD\u{10000}-\u{10FFFF}\t\r\n]/gu;
