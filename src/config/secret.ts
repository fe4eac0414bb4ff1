import { inspect } from "node:util";

/** A text that must never be seen: however it is printed, logged or put into JSON, it says `[secret]`. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
    Object.defineProperty(this, inspect.custom, { value: () => "[secret]" });
  }

  /** The text itself. Called in one place only: where the secret is handed to the system that asks for it. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }
}
