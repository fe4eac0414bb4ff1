"use strict";
/**
 * Says whether a Node is one that Tidemark runs on. Plain CommonJS, because every Node from 18 on must be able to ask.
 *
 * Preloaded (`node --require right-node.cjs …`), it ends a Node that is none, before that Node meets a line of TypeScript.
 */
const { rmSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const { engines } = require("../package.json");

/** Older ones lack the WAL repair that the checkpoint store relies on; some distributions link Node against their own SQLite. */
const LEAST_SQLITE = "3.51.3";

/** Written at the end of every set-up, so that the next start can tell that there is nothing to do. */
const STAMP = join(root, "node_modules", ".tidemark-setup");

module.exports = { root, STAMP, isRight, satisfies, need: `Node ${engines.node} with SQLite ${LEAST_SQLITE} or newer` };

if (module.isPreloading && !isRight(process.versions)) {
  rmSync(STAMP, { force: true });
  process.stderr.write(
    `tidemark: ${process.execPath} was exchanged for Node ${process.versions.node} since the last set-up. Run this again: it sets up anew.\n`,
  );
  process.exit(1);
}

/** True for the versions (`process.versions`) of a Node that satisfies `engines` and brings a new enough SQLite. */
function isRight(versions) {
  return satisfies(versions.node, engines.node) && versions.sqlite !== undefined && compare(versions.sqlite, LEAST_SQLITE) >= 0;
}

/** Understands as much of a version range as `engines` uses: `>=` and `<`, joined by spaces and `||`. */
function satisfies(version, range) {
  return range.split("||").some((alternative) =>
    alternative
      .trim()
      .split(/\s+/)
      .every((term) => (term.startsWith(">=") ? compare(version, term.slice(2)) >= 0 : compare(version, term.slice(1)) < 0)),
  );
}

function compare(a, b) {
  const [left, right] = [a, b].map((version) => version.split("-")[0].split(".").map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] || 0) - (right[i] || 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
