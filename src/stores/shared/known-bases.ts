/** What an entry's fingerprints rest on. Nearly all entries of a state share one, so it is stored once and numbered. */
export interface Basis {
  readonly scheme: string;
  /** Basis of the raw fingerprint; null where there is none. */
  readonly raw: string | null;
  /** Null until the target acknowledged the asset. */
  readonly mapping: string | null;
}

/** The bases of a state that were met so far, by number and by what they say. They are only ever added, so what is known stays right. */
export class KnownBases {
  readonly #byId = new Map<number, Basis>();
  readonly #ids = new Map<string, number>();

  at(id: number): Basis | undefined {
    return this.#byId.get(id);
  }

  idOf(basis: Basis): number | undefined {
    return this.#ids.get(textOf(basis));
  }

  add(id: number, basis: Basis): void {
    this.#byId.set(id, basis);
    this.#ids.set(textOf(basis), id);
  }

  clear(): void {
    this.#byId.clear();
    this.#ids.clear();
  }
}

function textOf({ scheme, raw, mapping }: Basis): string {
  return JSON.stringify([scheme, raw, mapping]);
}
