import { fillSmallState } from "./small-state.ts";
import { sqliteStore } from "./sqlite-harness.ts";

// Run as a process of its own: fills a small state in the folder given and is killed with its lease in hand, so that all of it is still
// in the log (-wal).
const lease = await sqliteStore(process.argv[2] ?? "").acquire();
await fillSmallState(lease);
process.kill(process.pid, "SIGKILL");
