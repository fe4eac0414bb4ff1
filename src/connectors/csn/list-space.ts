import { basename } from "node:path";
import { assetId } from "../../model/asset.ts";
import type { Problem } from "../../model/errors.ts";
import type { Listed, ListingCertificate, ListingEvent } from "../../model/listing.ts";
import type { ListOptions } from "../../ports/source.ts";
import type { Disk } from "./disk.ts";
import type { SpaceFolder } from "./layout.ts";
import type { Sight } from "./line-sighters.ts";
import { locatorTexts } from "./locator-texts.ts";
import { type Found, type FoundInOrder, oneByOne, toLocator } from "./place.ts";
import { isSameDefinition } from "./same-definition.ts";
import { scanExport, scanStretches } from "./scan-export.ts";
import { SeenNames } from "./seen-names.ts";
import { type ExportRead, spaceToken } from "./space-token.ts";
import { NO_MEMORY, SpaceMemory } from "./space-memory.ts";

/**
 * Lists one space: its files from the last to the first, and each from its end. So the definition that counts, of several with one
 * name, is met first, and those that it replaces need only be compared with it.
 */
export async function* listSpace(disk: Disk, folder: SpaceFolder, options: ListOptions, sight?: Sight): AsyncIterable<ListingEvent> {
  const { space } = folder;
  const memory = await SpaceMemory.open(options.memory, space);
  const listing = new SpaceListing(disk, folder, memory);
  const gaps = [...folder.problems];
  const exports: ExportRead[] = [];
  for (const path of folder.ignored)
    yield problem({
      scope: space,
      code: "folder_ignored",
      message: `${path} is a folder inside a space's folder and was not looked into. Move its files up or away.`,
    });
  for (const path of folder.files.toReversed()) {
    try {
      let isOfFlows = false;
      for await (const found of scanStretches(disk, path, memory, {
        onFlows: () => (isOfFlows = true),
        ...(sight === undefined ? {} : { sight }),
        ...(options.tellsTokens === true ? { onRead: (read) => exports.unshift(read) } : {}),
      })) {
        options.signal.throwIfAborted();
        yield* await listing.take(found, options.takesText === true);
      }
      if (isOfFlows) yield problem({ scope: space, code: "flows_ignored", message: `${path} ${OF_FLOWS}` });
    } catch (error) {
      options.signal.throwIfAborted();
      gaps.push(`${path} cannot be read: ${(error as Error).message}`);
    }
  }
  yield* listing.rest();
  memory.save();
  if (listing.count === 0 && options.known.has(space) && gaps.length === 0) gaps.push("it holds no asset, and it held some before");
  const token = options.tellsTokens === true && gaps.length === 0 ? { token: spaceToken(exports) } : {};
  yield { kind: "certificate", certificate: certificateOf(space, listing.count, gaps), ...token };
}

const BATCH = 1_000;
/** Lines of a part that pass together: those of definitions are never so short that there are more. */
const MOST_AS_TEXT = 4_000;
const OF_FLOWS =
  "holds flows or task chains and no asset, and was passed over: what fills a table is told by a live tenant alone. Take the file away, or leave it.";

class SpaceListing {
  readonly #disk: Disk;
  readonly #space: string;
  readonly #memory: SpaceMemory;
  readonly #seen: SeenNames;
  #pending: Listed[] = [];
  #count = 0;

  constructor(disk: Disk, { space, files }: SpaceFolder, memory: SpaceMemory) {
    this.#disk = disk;
    this.#space = space;
    this.#memory = memory;
    this.#seen = new SeenNames(disk, memory, () => namesAgain(disk, files.toReversed()));
  }

  /** Assets listed so far. */
  get count(): number {
    return this.#count;
  }

  async take(stretch: readonly Found[] | FoundInOrder, asText: boolean): Promise<readonly ListingEvent[]> {
    if (!("lines" in stretch)) return await this.#take(stretch);
    const isBounded = stretch.lines.count <= MOST_AS_TEXT;
    if (asText && isBounded && this.#seen.meetAllInOrder(stretch.lines)) return [...this.rest(), this.#asText(stretch)];
    return await this.#take(oneByOne(stretch));
  }

  async #take(found: readonly Found[]): Promise<readonly ListingEvent[]> {
    const events: ListingEvent[] = [];
    for (const one of found) {
      const refusal = refusalOf(one.name);
      if (refusal !== null) {
        events.push(
          problem({
            scope: this.#space,
            code: "asset_unreadable",
            message: `A definition in ${one.place.file} cannot be an asset: its name ${refusal}.`,
          }),
        );
        continue;
      }
      if (this.#seen.meetInOrder(one)) {
        this.#list(one);
        continue;
      }
      const seats = await this.#seen.meet(one);
      const winner = seats.length === 0 ? null : await this.#seen.earlier(one, seats);
      if (winner === null) this.#list(one);
      else if (!(await this.#isSame(winner, one))) events.push(problem(this.#replaced(winner, one)));
    }
    while (this.#pending.length >= BATCH) events.push(this.#batch());
    return events;
  }

  rest(): readonly ListingEvent[] {
    return this.#pending.length === 0 ? [] : [this.#batch()];
  }

  // Names that are told at sight have none of what a name is refused for.
  #asText({ file, start, lines: { columns, count } }: FoundInOrder): ListingEvent {
    this.#count += count;
    const space = assetId(this.#space, "");
    const ids = space + columns.names.split("\n").join(`\n${space}`);
    return { kind: "text", scope: this.#space, count, ids, tokens: columns.tokens, locators: locatorTexts(file, start, columns) };
  }

  #list({ name, token, place }: Found): void {
    this.#count++;
    this.#pending.push({ id: assetId(this.#space, name), scope: this.#space, token, locator: toLocator(place) });
  }

  #batch(): ListingEvent {
    const items = this.#pending.slice(0, BATCH);
    this.#pending = this.#pending.slice(BATCH);
    // Within a batch in the order of the files again, which is mostly that of the names.
    return { kind: "listed", items: items.reverse() };
  }

  async #isSame(a: Found, b: Found): Promise<boolean> {
    return a.token === b.token || this.#memory.verdict([a.token, b.token], () => isSameDefinition(this.#disk, a, b));
  }

  #replaced(winner: Found, loser: Found): Problem {
    const id = assetId(this.#space, winner.name);
    const [taken, left] = [winner.place.file, loser.place.file];
    const message =
      taken === left
        ? `${id} is defined twice in ${taken}, differently; the later definition was taken. Remove the stale one.`
        : `${id} is defined differently in ${left} and ${taken}; that of ${basename(taken)}, later in name order, was taken. Remove the stale export.`;
    return { asset_id: id, scope: this.#space, code: "duplicate_definition", message };
  }
}

/** What was found in these files, without a word of what cannot be read in them. */
async function* namesAgain(disk: Disk, files: readonly string[]): AsyncIterable<readonly Found[]> {
  for (const path of files) {
    try {
      for await (const found of scanExport(disk, path, await SpaceMemory.open(NO_MEMORY, ""))) {
        yield found.filter(({ name }) => refusalOf(name) === null);
      }
    } catch {
      // It is told where it was met first.
    }
  }
}

const LONGEST_NAME = 1_024;

/** Why no asset can have this name, or null. UTF-8 has no bytes for half a surrogate pair, and PostgreSQL no room for a zero. */
function refusalOf(name: string): string | null {
  if (name === "") return "is empty";
  if (name.length > LONGEST_NAME && Array.from(name).length > LONGEST_NAME)
    return `is longer than ${LONGEST_NAME} characters (${name.slice(0, 40)}…)`;
  if (!name.isWellFormed() || name.includes("\0")) return `${JSON.stringify(name)} holds a character that cannot be stored`;
  return null;
}

function certificateOf(scope: string, count: number, gaps: readonly string[]): ListingCertificate {
  if (gaps.length === 0) return { scope, complete: true, count };
  const more = gaps.length > SHOWN ? `; and ${gaps.length - SHOWN} more` : "";
  return { scope, complete: false, count, problem: gaps.slice(0, SHOWN).join("; ") + more };
}

const SHOWN = 5;

function problem(of: Problem): ListingEvent {
  return { kind: "problem", problem: of };
}
