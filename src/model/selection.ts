import { ASSET_TYPES, type AssetId, type AssetType, spaceOf, technicalNameOf } from "./asset.ts";
import { TidemarkError } from "./errors.ts";
import { namePattern } from "./name-pattern.ts";

/** What a run finds of an asset: only listed, listed and recorded, only recorded. */
const FINDINGS = ["created", "changed", "deleted"] as const;
export type Finding = (typeof FINDINGS)[number];

/** Which assets a run looks at. It narrows what is planned, and never the pipeline's scope: nothing is deleted for being left out. */
export interface Selection {
  /** As it was written. */
  readonly text: string;
  /** Exact names of spaces that it asks for: none of them may be a mistake. */
  readonly named: readonly string[];
  readonly space: (name: string) => boolean;
  readonly id: (id: AssetId) => boolean;
  readonly finding: (finding: Finding) => boolean;
  /** Null where every type is selected, so that none needs to be known. */
  readonly types: ReadonlySet<AssetType> | null;
}

/**
 * Reads `space:SALES,type:view,changed,name:MCT_*`. Terms of one kind are alternatives, and each kind given has to hold. In names of
 * spaces and assets `*` stands for any characters and `?` for one. Throws `usage` for what it does not understand.
 */
export function parseSelection(text: string): Selection {
  const spaces: string[] = [];
  const names: string[] = [];
  const types = new Set<AssetType>();
  const findings = new Set<Finding>();
  for (const term of text.split(",").map((part) => part.trim())) {
    const value = term.slice(term.indexOf(":") + 1);
    if (term.startsWith("space:") && value !== "") spaces.push(value);
    else if (term.startsWith("name:") && value !== "") names.push(value);
    else if (term.startsWith("type:")) types.add(knownType(value));
    else if (isFinding(term)) findings.add(term);
    else throw refused(term === "" ? "A term is empty" : `"${term}" is no term`);
  }
  const isSpace = anyOf(spaces);
  const isName = anyOf(names);
  return {
    text,
    named: spaces.filter((space) => !/[*?]/.test(space)),
    space: isSpace,
    id: (id) => isSpace(spaceOf(id)) && isName(technicalNameOf(id)),
    finding: (finding) => findings.size === 0 || findings.has(finding),
    types: types.size === 0 ? null : types,
  };
}

function knownType(value: string): AssetType {
  const type = ASSET_TYPES.find((known) => known === value);
  if (type === undefined) throw refused(`"${value}" is no type of asset (${ASSET_TYPES.join(", ")})`);
  return type;
}

function isFinding(term: string): term is Finding {
  return FINDINGS.some((finding) => finding === term);
}

function anyOf(patterns: readonly string[]): (text: string) => boolean {
  const tests = patterns.map(namePattern);
  return (text) => tests.length === 0 || tests.some((test) => test(text));
}

function refused(why: string): TidemarkError {
  return new TidemarkError("usage", `The selection is not understood: ${why}.`, {
    remedy: "Terms are space:NAME, name:PATTERN, type:TYPE, created, changed and deleted, with commas between them.",
  });
}
