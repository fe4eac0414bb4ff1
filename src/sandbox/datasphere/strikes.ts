import { type Operation, OPERATIONS } from "./routes.ts";

/** What a fault does, and where it has a meaning. */
export interface Strike {
  readonly on: readonly Operation[];
  readonly does:
    | { readonly kind: "break"; readonly how: "reset" | "hang" }
    /** Answers with a status, and does nothing else. */
    | { readonly kind: "refuse"; readonly status: number }
    /** Answers with the page for people who have to log in. */
    | { readonly kind: "login" }
    /** Answers with something that has nothing to do with the request. */
    | { readonly kind: "replace"; readonly by: "redirect" | "gzip_bomb" | "deep_xml" | "entity_expansion" | "external_entity" }
    | { readonly kind: "delay" }
    /** Answers from a tenant that is not quite this one. */
    | { readonly kind: "distort"; readonly how: "short_page" | "ignored_skip" | "shifting_page" | "stale" }
    /** Changes the text of the answer. */
    | { readonly kind: "rewrite" }
    /** Changes how the answer is sent. */
    | { readonly kind: "mangle" };
}

export type FaultName =
  | "reset"
  | "hang"
  | "slow"
  | "drip"
  | "truncated_body"
  | "truncated_chunk"
  | "cut_gzip"
  | "corrupt_gzip"
  | "duplicate_response"
  | "wrong_content_type"
  | "cut_body"
  | "empty_body"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "throttle"
  | "internal_error"
  | "bad_gateway"
  | "unavailable"
  | "gateway_timeout"
  | "status"
  | "html"
  | "redirect"
  | "gzip_bomb"
  | "object_instead_of_list"
  | "nameless_row"
  | "duplicate_row"
  | "dropped_row"
  | "short_page"
  | "ignored_skip"
  | "shifting_page"
  | "wrong_count"
  | "missing_next_link"
  | "foreign_next_link"
  | "looping_next_link"
  | "endless_next_link"
  | "stale"
  | "missing_definition"
  | "broken_definition"
  | "deep_json"
  | "deep_xml"
  | "entity_expansion"
  | "external_entity"
  | "duplicate_attribute";

const LISTS: readonly Operation[] = ["list_spaces", "list_objects", "catalog_spaces", "catalog_assets"];
const PAGES: readonly Operation[] = ["list_objects", "catalog_assets"];
const LINKED: readonly Operation[] = ["catalog_spaces", "catalog_assets"];
const READS: readonly Operation[] = ["read_object", "read_content"];
const JSON_ANSWERS: readonly Operation[] = OPERATIONS.filter(
  (operation) => !["metadata", "catalog_metadata", "list_spaces"].includes(operation),
);
const XML: readonly Operation[] = ["metadata"];
const OBJECTS: readonly Operation[] = ["list_objects", "read_object", "catalog_assets", "service_document", "metadata"];

const strike = (on: readonly Operation[], does: Strike["does"]): Strike => ({ on, does });
const anywhere = (does: Strike["does"]): Strike => strike(OPERATIONS, does);
const rewrite = (on: readonly Operation[]): Strike => strike(on, { kind: "rewrite" });

/** Every fault by its name. */
export const STRIKES: Readonly<Record<FaultName, Strike>> = {
  reset: anywhere({ kind: "break", how: "reset" }),
  hang: anywhere({ kind: "break", how: "hang" }),
  slow: anywhere({ kind: "delay" }),
  drip: anywhere({ kind: "mangle" }),
  truncated_body: anywhere({ kind: "mangle" }),
  truncated_chunk: anywhere({ kind: "mangle" }),
  cut_gzip: anywhere({ kind: "mangle" }),
  corrupt_gzip: anywhere({ kind: "mangle" }),
  duplicate_response: anywhere({ kind: "mangle" }),
  wrong_content_type: anywhere({ kind: "mangle" }),
  cut_body: anywhere({ kind: "rewrite" }),
  empty_body: anywhere({ kind: "rewrite" }),

  unauthorized: anywhere({ kind: "refuse", status: 401 }),
  forbidden: anywhere({ kind: "refuse", status: 403 }),
  not_found: anywhere({ kind: "refuse", status: 404 }),
  throttle: anywhere({ kind: "refuse", status: 429 }),
  internal_error: anywhere({ kind: "refuse", status: 500 }),
  bad_gateway: anywhere({ kind: "refuse", status: 502 }),
  unavailable: anywhere({ kind: "refuse", status: 503 }),
  gateway_timeout: anywhere({ kind: "refuse", status: 504 }),
  status: anywhere({ kind: "refuse", status: 500 }),
  html: anywhere({ kind: "login" }),
  redirect: anywhere({ kind: "replace", by: "redirect" }),
  gzip_bomb: anywhere({ kind: "replace", by: "gzip_bomb" }),

  object_instead_of_list: rewrite(LISTS),
  nameless_row: rewrite(LISTS),
  duplicate_row: rewrite(LISTS),
  dropped_row: rewrite(LISTS),
  short_page: strike(PAGES, { kind: "distort", how: "short_page" }),
  ignored_skip: strike(PAGES, { kind: "distort", how: "ignored_skip" }),
  shifting_page: strike(PAGES, { kind: "distort", how: "shifting_page" }),
  wrong_count: rewrite(LINKED),
  missing_next_link: rewrite(LINKED),
  foreign_next_link: rewrite(LINKED),
  looping_next_link: rewrite(LINKED),
  endless_next_link: rewrite(LINKED),

  stale: strike(OBJECTS, { kind: "distort", how: "stale" }),
  missing_definition: rewrite(READS),
  broken_definition: rewrite(READS),
  deep_json: rewrite(JSON_ANSWERS),

  deep_xml: strike(XML, { kind: "replace", by: "deep_xml" }),
  entity_expansion: strike(XML, { kind: "replace", by: "entity_expansion" }),
  external_entity: strike(XML, { kind: "replace", by: "external_entity" }),
  duplicate_attribute: rewrite(XML),
};
