import { invalidInput } from "./glue-error.ts";
import type { World } from "./operation.ts";

const LARGEST_PAGE = 100;

export interface PageRequest {
  readonly NextToken?: string;
  readonly MaxResults?: number;
}

export interface Page<T> {
  readonly rows: readonly T[];
  readonly next: { readonly NextToken?: string };
}

/**
 * One page of a listing. The token holds the last key that was given out, so that rows which come and go between two pages are
 * neither repeated nor lost; `listing` names the query, because a token is good for that query alone.
 */
export function pageOf<T>(
  listing: readonly string[],
  request: PageRequest,
  world: World,
  rowsAfter: (key: string | null) => Iterable<readonly [string, T]>,
): Page<T> {
  const size = Math.min(request.MaxResults ?? LARGEST_PAGE, world.pageRows ?? LARGEST_PAGE);
  let last = request.NextToken === undefined ? null : keyIn(request.NextToken, listing);
  const rows: T[] = [];
  for (const [key, row] of rowsAfter(last)) {
    if (rows.length === size) return { rows, next: { NextToken: tokenFor(listing, last) } };
    rows.push(row);
    last = key;
  }
  return { rows, next: {} };
}

function tokenFor(listing: readonly string[], key: string | null): string {
  return Buffer.from(JSON.stringify([...listing, key])).toString("base64url");
}

function keyIn(token: string, listing: readonly string[]): string | null {
  const parts = partsOf(token);
  const isOurs = parts.length === listing.length + 1 && listing.every((part, index) => part === parts[index]);
  const key = parts.at(-1);
  if (!isOurs || (key !== null && typeof key !== "string")) throw invalidInput("The continuation token is not one of this listing.");
  return key;
}

function partsOf(token: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, "base64url").toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
