import { expect, test } from "vitest";
import { AssetError } from "./errors.ts";
import { requireWellFormed } from "./well-formed.ts";

test("a name that UTF-8 can hold is answered as it is", () => {
  for (const name of ["", "Orders", "Bestellung_äß", "😀"]) expect(requireWellFormed(name)).toBe(name);
});

test("half of a surrogate pair is refused, and named as it is written in JSON", () => {
  for (const name of ["a\ud800", "\udc00b"]) {
    expect(() => requireWellFormed(name)).toThrow(
      new AssetError(
        "value_unrepresentable",
        `The name ${JSON.stringify(name)} holds half of a surrogate pair, which no file or request can carry.`,
      ),
    );
  }
});
