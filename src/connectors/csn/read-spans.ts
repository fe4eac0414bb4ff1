import type { Span } from "../../csn/find-definitions.ts";
import type { OpenFile } from "./disk.ts";

/**
 * The bytes of each span, in the order of the spans. Neighbours are fetched in one read, with what lies between them, unless the file knows
 * a quicker way.
 */
export async function readSpans(file: OpenFile, spans: readonly Span[]): Promise<readonly Buffer[]> {
  if (file.readAll !== undefined) return file.readAll(spans);
  const bytes = new Map<Span, Buffer>();
  for (const { at, end, spans: near } of stretchesOf(spans)) {
    const stretch = await file.read(at, end - at);
    for (const span of near) bytes.set(span, stretch.subarray(span.at - at, span.at - at + span.length));
  }
  return spans.map((span) => bytes.get(span) as Buffer);
}

// A read costs about what these many bytes of reading on cost.
const NEAR = 64 * 1024;
const LARGEST_STRETCH = 1024 * 1024;

function stretchesOf(spans: readonly Span[]): readonly { readonly at: number; readonly end: number; readonly spans: readonly Span[] }[] {
  const stretches: { at: number; end: number; spans: Span[] }[] = [];
  for (const span of spans.toSorted((a, b) => a.at - b.at)) {
    const last = stretches.at(-1);
    const end = span.at + span.length;
    if (last !== undefined && span.at - last.end <= NEAR && end - last.at <= LARGEST_STRETCH) {
      last.spans.push(span);
      last.end = Math.max(last.end, end);
    } else {
      stretches.push({ at: span.at, end, spans: [span] });
    }
  }
  return stretches;
}
