import { expect, test } from "vitest";
import { rowToken } from "./row-token.ts";

const ROW = {
  technicalName: "A",
  createdOn: "2026-01-01T00:00:00.001Z",
  changedOn: "2026-03-01T10:00:00.5Z",
  deployedOn: "2026-02-01T10:00:00.25Z",
};

test("what is deployed has the token of its deployment, what is saved that of its last change", () => {
  expect(rowToken(ROW, "deployed")?.token).toBe("time:2026-01-01T00:00:00.001Z/2026-02-01T10:00:00.25Z");
  expect(rowToken(ROW, "saved")?.token).toBe("time:2026-01-01T00:00:00.001Z/2026-03-01T10:00:00.5Z");
});

test.each([
  ["2026-02-01T10:00:00.250Z", 1_001 + 250],
  ["2026-02-01T10:00:07.000Z", 2_000 + 7_000],
  ["2026-02-01T10:00:07Z", 2_000 + 7_000],
  ["2026-02-01T10:00:00Z", 61_000],
  ["2026-02-01T12:00:00.250+02:00", 1_001 + 250],
])("%s settles when its unit has passed, and a second more", (deployedOn, after) => {
  expect(rowToken({ ...ROW, deployedOn }, "deployed")?.settles).toBe(Date.parse("2026-02-01T10:00:00Z") + after);
});

test.each([null, undefined, "", "yesterday", "2026-02-01", "2026-02-01T10:00:00.25", "1769940000000"])(
  "%j is no time that proves anything",
  (deployedOn) => {
    expect(rowToken({ ...ROW, deployedOn }, "deployed")).toBeNull();
  },
);
