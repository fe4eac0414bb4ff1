import type { Verification } from "../../../engine/verify.ts";
import type { Drift, FieldDrift } from "../../../model/outcome.ts";
import { streamJson } from "./envelope.ts";
import { problemJson } from "./plan.ts";

/** A verification as `verify --json` prints it. `drift` is what makes it exit with 2; `kept` is told beside it. */
export function verificationJson(found: Verification): AsyncGenerator<string> {
  const { checkpoints, unchanged, edited, missing, added, kept } = found.summary;
  return streamJson({
    pipeline: found.pipeline,
    basis: found.basis,
    summary: { checkpoints, unchanged, edited, missing, added, kept },
    drift: () => pick(found, driftJson),
    kept: () => pick(found, keptJson),
    problems: found.problems.map(problemJson),
  });
}

function driftJson(drift: Drift): object | null {
  switch (drift.kind) {
    case "edited":
      return { ...drift, fields: drift.fields.filter(({ kept }) => kept === undefined).map(fieldJson) };
    case "missing":
    case "added":
      return drift;
    case "kept":
      return null;
  }
}

function keptJson(drift: Drift): object | null {
  if (drift.kind === "missing" || drift.kind === "added") return null;
  const fields = drift.fields.filter(({ kept }) => kept === true);
  return fields.length === 0 ? null : { asset_id: drift.asset_id, ref: drift.ref, fields: fields.map(fieldJson) };
}

function fieldJson({ path, ours, theirs }: FieldDrift): object {
  return { path, ours, theirs };
}

async function* pick(found: Verification, choose: (drift: Drift) => object | null): AsyncGenerator<readonly object[]> {
  for await (const page of found.drift()) yield page.map(choose).filter((chosen) => chosen !== null);
}
