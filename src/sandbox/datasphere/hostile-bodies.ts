import { gzipSync } from "node:zlib";
import type { Answer } from "../http/deliver.ts";
import { JSON_TYPE, XML_TYPE } from "./exchange.ts";
import type { Fault } from "./faults.ts";
import type { Operation } from "./routes.ts";

/** Another host, which must never be asked for anything. */
export const ELSEWHERE: string = "https://elsewhere.example/collect";

const EDMX = 'Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"';
const PIECE = 16 * 1024 * 1024;

/** Answers that look for the weak spot of whoever reads them. */
export function hostileAnswer(
  by: "redirect" | "gzip_bomb" | "deep_xml" | "entity_expansion" | "external_entity",
  { location = ELSEWHERE, bytes = 256 * 1024 * 1024, levels = 200_000 }: Fault,
  operation: Operation,
): Answer {
  switch (by) {
    case "redirect":
      return { status: 302, headers: { location, "content-type": "text/plain" }, body: Buffer.alloc(0) };
    case "gzip_bomb":
      return gzipBomb(bytes, operation === "metadata" ? XML_TYPE : JSON_TYPE);
    case "deep_xml":
      return xml(`<edmx:Edmx ${EDMX}>${"<Collection>".repeat(levels)}${"</Collection>".repeat(levels)}</edmx:Edmx>`);
    case "entity_expansion": {
      const entities = Array.from({ length: 9 }, (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`);
      return xml(`<!DOCTYPE edmx:Edmx [<!ENTITY e0 "expanding">${entities.join("")}]><edmx:Edmx ${EDMX}>&e9;</edmx:Edmx>`);
    }
    case "external_entity":
      return xml(`<!DOCTYPE edmx:Edmx [<!ENTITY outside SYSTEM "file:///etc/hostname">]><edmx:Edmx ${EDMX}>&outside;</edmx:Edmx>`);
  }
}

/** A value of so many arrays inside one another. */
export function deepJson(levels: number): string {
  return "[".repeat(levels) + "]".repeat(levels);
}

// Blanks, which both JSON and XML take before their first sign. Members of a gzip stream follow one another, so that few are packed.
function gzipBomb(bytes: number, type: string): Answer {
  const pieces = Math.floor(bytes / PIECE);
  const packed = pieces > 0 ? gzipSync(Buffer.alloc(PIECE, " ")) : Buffer.alloc(0);
  const rest = gzipSync(Buffer.alloc(bytes % PIECE, " "));
  const headers = { "content-type": type, "content-encoding": "gzip" };
  return { status: 200, headers, body: Buffer.concat([...Array.from({ length: pieces }, () => packed), rest]) };
}

function xml(text: string): Answer {
  return { status: 200, headers: { "content-type": XML_TYPE }, body: Buffer.from(`<?xml version="1.0" encoding="utf-8"?>${text}`) };
}
