import { FaultPlan } from "../http/fault-plan.ts";
import { Ledger, type LoggedCall } from "../http/ledger.ts";
import { type Fault, matches, type Target } from "./faults.ts";
import { type Client, OAuth } from "./oauth.ts";
import { TenantEditor } from "./objects/edit-tenant.ts";
import type { Edited, TenantEdit } from "./objects/edits.ts";
import type { Origin } from "./objects/origin.ts";
import { TenantObjects } from "./objects/tenant-objects.ts";
import { RequestWindow } from "./request-window.ts";
import type { Operation } from "./routes.ts";
import type { Settings } from "./settings.ts";

/** One line of the request log. */
export interface LoggedRequest extends LoggedCall {
  readonly operation: Operation;
  readonly method: string;
  /** Path and query, as they were sent. */
  readonly url: string;
  readonly space?: string;
  readonly name?: string;
}

export interface Beginnings {
  readonly settings: Settings;
  readonly origin: Origin;
  readonly client: Client;
  readonly seed: number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Everything that one sandbox holds: its tenant, and what is set and counted beside it. */
export class SandboxState {
  readonly faults: FaultPlan<Fault, Target> = new FaultPlan(matches);
  readonly ledger: Ledger<LoggedRequest> = new Ledger();
  readonly tenant: TenantObjects;
  readonly oauth: OAuth;
  readonly now: () => number;
  readonly #beginnings: Beginnings;
  #editor: TenantEditor;
  #settings: Settings;
  #window: RequestWindow;

  constructor(beginnings: Beginnings) {
    const { settings, origin, client, seed, now } = beginnings;
    this.#beginnings = beginnings;
    this.now = now;
    this.tenant = new TenantObjects(origin, now);
    this.oauth = new OAuth(client, now);
    this.#editor = new TenantEditor(this.tenant, seed);
    this.#settings = settings;
    this.#window = new RequestWindow(settings.requests_per_minute);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get window(): RequestWindow {
    return this.#window;
  }

  /** Changes the settings given and leaves the others. A changed rate begins with a new minute. */
  change(settings: Partial<Settings>): Settings {
    const { requests_per_minute } = this.#settings;
    this.#settings = { ...this.#settings, ...settings };
    if (this.#settings.requests_per_minute !== requests_per_minute) this.#window = new RequestWindow(this.#settings.requests_per_minute);
    return this.#settings;
  }

  edit(edits: readonly TenantEdit[]): readonly Edited[] {
    return edits.flatMap((edit) => this.#editor.apply(edit));
  }

  /** Everything back to the start, the tenant too, or only counts and log to nothing. Tokens that were given out are invalid then. */
  reset({ counts }: { readonly counts: boolean }): void {
    this.ledger.clear();
    if (counts) return;
    const { settings, seed } = this.#beginnings;
    this.tenant.reset();
    this.#editor = new TenantEditor(this.tenant, seed);
    this.oauth.clear();
    this.faults.clear();
    this.#settings = settings;
    this.#window = new RequestWindow(settings.requests_per_minute);
  }
}
