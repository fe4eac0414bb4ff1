import { expect, test } from "vitest";
import { AssetError, severityOf, TidemarkError } from "./errors.ts";

test("a failure has its code, its sentence and a way out: its own, or its code's", () => {
  const cause = new Error("ECONNREFUSED");
  const told = new TidemarkError("state_unwritable", "The state cannot be written.", { remedy: "Make room.", cause });
  expect(told).toMatchObject({
    name: "TidemarkError",
    code: "state_unwritable",
    message: "The state cannot be written.",
    remedy: "Make room.",
    cause,
  });
  const bare = new TidemarkError("usage", "What is meant?");
  expect(bare.remedy).toBe("See the command's `--help`.");
  expect(bare).not.toHaveProperty("cause");
});

test("what ails one asset has the code of a problem, and a cause only where it was given", () => {
  const cause = new RangeError("too deep");
  expect(new AssetError("asset_too_deep", "It is too deep.", { cause })).toMatchObject({
    name: "AssetError",
    code: "asset_too_deep",
    message: "It is too deep.",
    cause,
  });
  expect(new AssetError("asset_too_deep", "It is too deep.")).not.toHaveProperty("cause");
});

test("each problem bears on the exit code as its table says", () => {
  expect((["name_shortened", "asset_unreadable", "listing_incomplete", "target_unavailable"] as const).map(severityOf)).toEqual([
    "warning",
    "asset",
    "listing",
    "target",
  ]);
});
