import { aHead } from "../../src/testing/checkpoint-builders.ts";
import { sqliteStore } from "./sqlite-harness.ts";

// Run as a process of its own: takes the lease on the folder given, begins the state, says so, and holds it until it is killed.
const lease = await sqliteStore(process.argv[2] ?? "").acquire();
await lease.begin(aHead());
process.stdout.write("held\n");
setInterval(() => lease, 60_000);
