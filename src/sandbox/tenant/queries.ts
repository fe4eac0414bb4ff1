import type { Json, JsonObject } from "../../model/json.ts";
import type { Draft } from "./columns.ts";
import type { Identity } from "./identity.ts";
import type { Relation } from "./relations.ts";
import type { Rng } from "./rng.ts";

/** The query of a view over one or two sources, at times with a filter of its own in between. */
export function draftQuery(
  columns: readonly Draft[],
  relations: readonly Relation[],
  sources: readonly Identity[],
  identity: Identity,
  rng: Rng,
): JsonObject {
  const names = sources.map((source) => (source.space === identity.space ? source.name : `${source.space}.${source.name}`));
  const [left, right] = names;
  const nested = rng.chance(0.2);
  const joined = left !== undefined && right !== undefined && left !== right;
  const from: Json = joined
    ? {
        join: rng.chance(0.6) ? "left" : "inner",
        args: [{ ref: [left] }, { ref: [right] }],
        on: [{ ref: [left, sources[0]?.key ?? "ID"] }, "=", { ref: [right, sources[1]?.key ?? "ID"] }],
      }
    : nested
      ? {
          SELECT: {
            from: { ref: [left ?? identity.name] },
            columns: columns.map((column) => selectItem(column, left, rng)),
            where: filter(columns, rng),
          },
          as: "Filter 1",
        }
      : { ref: [left ?? identity.name], ...(rng.chance(0.3) ? { as: `${left}(1)` } : {}) };
  const projected = columns.map((column) => selectItem(column, joined ? rng.pick(names) : nested ? "Filter 1" : undefined, rng));
  const mixin = relations.map(({ name, element }) => [name, { ...element, on: withProjection(element["on"]) }] as const);
  return {
    SELECT: {
      from,
      ...(rng.chance(0.05) ? { distinct: true } : {}),
      columns: [...projected, ...relations.map(({ name }) => ({ ref: [name] }))],
      ...(mixin.length > 0 ? { mixin: Object.fromEntries(mixin) } : {}),
      ...(rng.chance(0.4) ? { where: filter(columns, rng) } : {}),
    },
  };
}

/** The text of an SQL view with these columns. */
export function draftSql(columns: readonly Draft[], source: Identity, rng: Rng): string {
  const alias = `${source.name}(1)`;
  const lines = columns.map(({ name, role }) =>
    rng.chance(0.1) && role === "attribute"
      ? `'${rng.pick(["Y", "N", "EUR", "CUSTOMER"])}' AS "${name}"`
      : `"${alias}"."${name}" AS "${name}"`,
  );
  const condition = rng.chance(0.4)
    ? `\nWHERE "${alias}"."${source.key}" <> '' -- ${rng.pick(["no empty keys", "agreed", "see ticket"])}`
    : "";
  return `SELECT ${lines.join(`,${rng.chance(0.3) ? "   " : ""}\n\t`)}\nFROM "${source.name}" AS "${alias}"${condition}`;
}

function selectItem({ name, role }: Draft, source: string | undefined, rng: Rng): JsonObject {
  const key = role === "key" ? { key: true } : {};
  const path = source === undefined ? [name] : [source, name];
  if (role === "attribute" && rng.chance(0.03)) return { as: name, val: rng.pick(["Y", "X", "CUSTOMER_PROVIDED"]) };
  if (role === "date" && rng.chance(0.1)) return { as: name, func: "TO_DATE", args: [{ ref: path }] };
  if (role === "measure" && rng.chance(0.06)) {
    return { as: name, xpr: ["case", "when", { ref: path }, "=", { val: true }, "then", { val: 1 }, "else", { val: 0 }, "end"] };
  }
  return { ...key, ref: path, ...(rng.chance(0.5) ? { as: name } : {}) };
}

// In a mixin the local side of a condition is reached through $projection.
function withProjection(on: Json | undefined): Json {
  const parts = Array.isArray(on) ? (on as readonly Json[]) : [];
  return parts.map((part, index) =>
    typeof part === "object" && part !== null && "ref" in part && index % 4 === 0
      ? { ref: ["$projection", ...(part["ref"] as readonly Json[])] }
      : part,
  );
}

function filter(columns: readonly Draft[], rng: Rng): Json {
  const column = rng.pick(columns);
  return [{ ref: [column.name] }, rng.pick(["<>", "=", ">="]), { val: rng.pick(["", "X", "2020", "EUR"]) }];
}
