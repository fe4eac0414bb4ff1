import { FaultPlan } from "../http/fault-plan.ts";
import type { CatalogFile } from "./catalog-file.ts";
import type { Catalogs } from "./catalogs.ts";
import type { Fault } from "./faults.ts";
import { GlueLedger } from "./ledger.ts";
import type { Settings } from "./settings.ts";
import { Throttle } from "./throttle.ts";

/** Everything that one sandbox holds: its catalogs, and what is set and counted beside them. */
export class SandboxState {
  readonly catalogs: Catalogs;
  readonly file: CatalogFile | null;
  readonly faults: FaultPlan<Fault, string> = new FaultPlan(
    (fault, operation) => fault.operation === undefined || fault.operation === operation,
  );
  readonly ledger: GlueLedger = new GlueLedger();
  readonly #initial: Settings;
  #settings: Settings;
  #throttle: Throttle;

  constructor(settings: Settings, catalogs: Catalogs, file: CatalogFile | null) {
    this.catalogs = catalogs;
    this.file = file;
    this.#initial = settings;
    this.#settings = settings;
    this.#throttle = new Throttle(settings);
  }

  get settings(): Settings {
    return this.#settings;
  }

  get throttle(): Throttle {
    return this.#throttle;
  }

  /** Changes the settings given and leaves the others. Rates start anew, with a full second's worth. */
  change(settings: Partial<Settings>): Settings {
    this.#settings = { ...this.#settings, ...settings };
    this.#throttle = new Throttle(this.#settings);
    return this.#settings;
  }

  /** Everything back to the start (no databases, no faults, the settings that it was started with), or only counts and log to nothing. */
  reset({ counts }: { readonly counts: boolean }): void {
    this.ledger.clear();
    if (counts) return;
    this.catalogs.clear();
    this.file?.changed();
    this.faults.clear();
    this.change(this.#initial);
  }
}
