import { Rng } from "../../src/sandbox/tenant/rng.ts";

/** How likely each fault is in one life. Drawn anew for each life ("swarm"): fixed rates leave whole classes of bugs unseen. */
export interface FaultRates {
  /** Per request: refused, lost before its effect, lost after it. */
  readonly network: number;
  /** Per listing page, read or confirmation of the source. */
  readonly source: number;
  /** Per step: that a request lost in a crash or a timeout lands after all. */
  readonly zombie: number;
  /** Per write of the state: refused by a full disk. */
  readonly disk: number;
  /** Per read of the state: damage is found. */
  readonly damage: number;
}

interface Waiting {
  readonly name: string;
  readonly process: number;
  readonly run: () => void;
  /** What lands if the process dies while this is under way; null where nothing can. */
  readonly late: (() => void) | null;
}

/**
 * The simulated world of one life: one queue of effects that wait for their turn, of which a seeded draw picks the next. Time, faults,
 * crashes and the order of everything that runs in parallel follow from the seed alone.
 */
export class World {
  readonly rng: Rng;
  readonly trace: string[] | null;
  faults: FaultRates;
  /** Steps of all runs so far. */
  steps = 0;
  #waiting: Waiting[] = [];
  #zombies: { readonly land: () => void; readonly sentIn: number }[] = [];
  #runs = 0;
  #process = 0;
  readonly #dead = new Set<number>();
  /** Checked after every step; throws when a promise is broken. */
  invariant: () => void = () => undefined;

  constructor(seed: number, faults: (rng: Rng) => FaultRates, trace: boolean) {
    this.rng = new Rng(seed);
    this.faults = faults(this.rng);
    this.trace = trace ? [] : null;
  }

  /** Queues an effect of a process; it takes place, and its promise settles, when it is picked. */
  op<T>(process: number, name: string, effect: () => T, late: (() => void) | null = null): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        name,
        process,
        late,
        run: () => {
          try {
            resolve(effect());
          } catch (error) {
            reject(error);
          }
        },
      });
    });
  }

  /** A request that is on its way, although its sender thinks it lost or is dead. It lands until the end of the next run, or never. */
  sendLate(land: () => void): void {
    this.#zombies.push({ land, sentIn: this.#runs });
  }

  /** Starts a process: `start` gets its number and runs until its promise settles or the process is killed. */
  spawn(): number {
    return this.#process++;
  }

  /**
   * Runs processes together until all have ended, killing each at the step drawn for it. Answers with how each ended: its value, what
   * it threw, or `killed`.
   */
  async run<T>(
    processes: readonly {
      readonly process: number;
      readonly start: () => Promise<T>;
      readonly killAt: number | null;
      readonly onKill: () => void;
    }[],
  ): Promise<readonly Ended<T>[]> {
    this.#runs++;
    this.#zombies = this.#zombies.filter(({ sentIn }) => sentIn >= this.#runs - 1);
    const ended: (Ended<T> | null)[] = processes.map(() => null);
    processes.forEach(({ start }, at) => {
      start().then(
        (value) => (ended[at] ??= { how: "done", value }),
        (error: unknown) => (ended[at] ??= { how: "threw", error }),
      );
    });
    for (let step = 0; ; step++) {
      await drained();
      processes.forEach(({ process, killAt, onKill }, at) => {
        if (ended[at] !== null || killAt === null || step < killAt) return;
        ended[at] = { how: "killed" };
        this.#kill(process);
        onKill();
      });
      if (ended.every((one) => one !== null)) break;
      if (step > 20_000) throw new Error("the life does not end: a process goes in circles");
      this.#landLate();
      const next = this.#waiting.length === 0 ? undefined : this.#waiting.splice(this.rng.below(this.#waiting.length), 1)[0];
      if (next === undefined) throw new Error("a process waits for nothing");
      this.steps++;
      this.trace?.push(`${this.steps} p${next.process} ${next.name}`);
      next.run();
      this.invariant();
    }
    return ended;
  }

  /** Lets everything late land now, or lose it. */
  settleLate(): void {
    for (const late of this.#zombies.splice(0)) if (this.rng.chance(0.5)) late.land();
    this.invariant();
  }

  #landLate(): void {
    if (this.#zombies.length === 0 || !this.rng.chance(this.faults.zombie)) return;
    const [late] = this.#zombies.splice(this.rng.below(this.#zombies.length), 1);
    this.trace?.push(`${this.steps} a late request lands`);
    late?.land();
    this.invariant();
  }

  #kill(process: number): void {
    this.trace?.push(`${this.steps} p${process} is killed`);
    this.#dead.add(process);
    for (const waiting of this.#waiting)
      if (waiting.process === process && waiting.late !== null && this.rng.chance(0.5)) this.sendLate(waiting.late);
    this.#waiting = this.#waiting.filter((waiting) => waiting.process !== process);
  }
}

export type Ended<T> =
  | { readonly how: "done"; readonly value: T }
  | { readonly how: "threw"; readonly error: unknown }
  | { readonly how: "killed" };

// Everything that a settled promise sets in motion runs before the next step is drawn.
function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
