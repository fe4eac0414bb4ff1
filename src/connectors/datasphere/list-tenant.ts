import { TidemarkError } from "../../model/errors.ts";
import type { ListingEvent } from "../../model/listing.ts";
import type { Problem } from "../../model/errors.ts";
import { compareCodePoints } from "../../model/order.ts";
import type { CallOptions } from "../../ports/call.ts";
import type { ListOptions } from "../../ports/source.ts";
import { tellsTimes } from "./capabilities.ts";
import { Definitions } from "./definitions.ts";
import { FilledBy } from "./flows/filled-by.ts";
import { FlowMemory } from "./flows/flow-memory.ts";
import type { FlowListing } from "./flows/list-flows.ts";
import { listedState } from "./listed-state.ts";
import { SpaceListing } from "./list-space.ts";
import { memberSpaces } from "./listed-spaces.ts";
import { ModelMemory } from "./model-memory.ts";
import { ASSET_TYPES, type AssetObjects } from "./object-types.ts";
import { ObjectLists } from "./object-lists.ts";
import { ReadSchedule } from "./read-policy.ts";
import { ALL_OBJECT_TYPES } from "./scope.ts";
import type { Session } from "./session.ts";
import { TenantError } from "./tenant-http.ts";
import { TenantMemory } from "./tenant-memory.ts";

/** Lists every space in scope. Throws `source_unavailable` where the tenant lets us in nowhere. */
export async function* listTenant(session: Session, options: ListOptions): AsyncIterable<ListingEvent> {
  const { scope, origin } = session;
  const found = await within(origin, options, async () => {
    await session.http.login(options);
    return scope.spaces ?? (await memberSpaces(session, options));
  });
  const memory = await TenantMemory.open(options.memory, origin);
  const lists = await within(origin, options, () => ObjectLists.open(session.http, session.clock, memory, options));
  await beginListing(session, lists, options);
  const missing = scope.spaces === undefined ? [...options.known].filter((space) => !found.includes(space)) : [];
  // Also where flows are told: what a flow fills is of its own space.
  const isWanted = ({ name }: SpaceListing): boolean => options.wanted?.(name) !== false;
  const spaces = [...found.map((name) => new SpaceListing(session, name)), ...missing.map((name) => SpaceListing.missing(session, name))];
  const inOrder = spaces.filter(isWanted).toSorted((a, b) => compareCodePoints(a.name, b.name));
  // Analytic models come last of all, because those they are made of may be in any space.
  const [models, others] = [scope.object_types.filter(isModels), ALL_OBJECT_TYPES.filter((type) => !isModels(type))];
  const flows = session.flows ? await FlowMemory.open(options.memory, `${origin} ${scope.definition}`) : null;
  for (const space of inOrder) {
    if (flows !== null) await space.readFlows(flowListing(session, lists, flows, memory, options), options);
    for (const type of others) if (scope.object_types.includes(type)) yield* space.list(lists, ASSET_TYPES[type], options);
    yield* space.rest(lists, options);
  }
  for (const space of inOrder) {
    for (const type of models) yield* space.list(lists, ASSET_TYPES[type], options);
    yield { kind: "certificate", certificate: space.certificate(options.known) };
    const unread = space.unreadFlows();
    if (unread !== null) yield { kind: "problem", problem: unread };
  }
  const { modelMemory, schedule } = session.listing;
  modelMemory.save();
  flows?.keepSpaces(new Set([...found, ...options.known]));
  flows?.save();
  memory.save();
  if (schedule !== null && schedule.left > 0) yield { kind: "problem", problem: leftUnread(schedule.left) };
}

function flowListing(
  { listing }: Session,
  { capabilities }: ObjectLists,
  memory: FlowMemory,
  lengths: TenantMemory,
  { readsAll = false }: ListOptions,
): FlowListing {
  return { capabilities, memory, lengths, filledBy: listing.filledBy, readsAll };
}

function leftUnread(assets: number): Problem {
  return {
    code: "left_unread",
    message: `${assets} ${assets === 1 ? "asset was" : "assets were"} due to be read again and left for a later run, because read_policy.budget was spent. Run more often, or raise it.`,
  };
}

function isModels(type: AssetObjects): boolean {
  return type === "analytic_models";
}

async function beginListing(session: Session, lists: ObjectLists, { memory, readsAll = false }: ListOptions): Promise<void> {
  const { definition } = session.scope;
  session.exposed.forget();
  // What a space is read as at once is what is deployed; and where lists tell times, nothing needs to be read at all to see a change.
  const bulkPath = (): string | null => (definition === "deployed" && !tellsTimes(lists.capabilities) ? lists.capabilities.content : null);
  const modelMemory = readsAll
    ? ModelMemory.anew(memory, `${session.origin} ${definition}`)
    : await ModelMemory.open(memory, `${session.origin} ${definition}`);
  const { policy, origin } = session;
  const schedule = policy === null ? null : await ReadSchedule.open(policy, memory, `${origin} ${definition}`, session.now());
  session.listing = listedState(new Definitions(session.http, definition, bulkPath), modelMemory, new FilledBy(), schedule);
}

async function within<T>(origin: string, { signal }: CallOptions, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof TenantError)) throw error;
    throw new TidemarkError("source_unavailable", `The tenant ${origin} cannot be read: ${error.message}.`, {
      remedy: REMEDIES[error.kind] ?? "Check the source's `url` and the network, then run again.",
      cause: error,
    });
  }
}

const CHECK_LOGIN =
  "Check the source's `auth`: the client's id, secret and `token_url`, that the client has not expired, and that it is a technical user's.";
const REMEDIES: { readonly [kind: string]: string } = { unauthorized: CHECK_LOGIN, html: CHECK_LOGIN, forbidden: CHECK_LOGIN };
