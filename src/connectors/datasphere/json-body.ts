import type { z } from "zod";
import { AssetError } from "../../model/errors.ts";
import type { Json } from "../../model/json.ts";
import { parseJson } from "../../model/parse-json.ts";
import { TenantError, type TenantReply } from "./tenant-http.ts";

/** The body as JSON with every number exact. Throws {@link TenantError} `unreadable`, and `AssetError` for what is nested deeper than `maxDepth`. */
export function jsonOf({ body }: Pick<TenantReply, "body">, maxDepth = 64): Json {
  try {
    return parseJson(new TextDecoder("utf-8", { fatal: true }).decode(body), { maxDepth });
  } catch (error) {
    if (error instanceof AssetError && error.code === "asset_too_deep") throw error;
    const why = error instanceof AssetError ? error.message : "it is not UTF-8";
    throw new TenantError("unreadable", `its answer is no JSON: ${why}`, { cause: error });
  }
}

/** The body as JSON of that form. Throws {@link TenantError} `unreadable`, which says where it is another. */
export function bodyOf<T>(reply: Pick<TenantReply, "body">, schema: z.ZodType<T>): T {
  const checked = schema.safeParse(shallowJson(reply));
  if (checked.success) return checked.data;
  const [{ path, message } = { path: [], message: "" }] = checked.error.issues;
  throw new TenantError(
    "unreadable",
    `its answer is JSON of another form than expected, at ${path.length === 0 ? "its top" : path.join(".")}: ${message}`,
  );
}

function shallowJson(reply: Pick<TenantReply, "body">): Json {
  try {
    return jsonOf(reply);
  } catch (error) {
    if (error instanceof AssetError) throw new TenantError("unreadable", `its answer is no list: ${error.message}`, { cause: error });
    throw error;
  }
}
