import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** A process that holds the lease on a state. */
export interface LeaseProcess {
  readonly pid: number;
  /** Sends the signal, and resolves when the process is gone. */
  kill(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  /** Stops it where it stands, lets it go on. */
  pause(): void;
  resume(): void;
}

/** Starts a process that takes the lease on this folder; null where it could not. */
export async function holdLease(folder: string): Promise<LeaseProcess | null> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "hold-lease.ts"), folder], { stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(child, "exit");
  const held = await Promise.race([once(child.stdout, "data").then(() => true), exited.then(() => false)]);
  if (!held || child.pid === undefined) return null;
  return {
    pid: child.pid,
    kill: async (signal) => {
      child.kill(signal);
      await exited;
    },
    pause: () => signalled(child, "SIGSTOP"),
    resume: () => signalled(child, "SIGCONT"),
  };
}

function signalled(child: ChildProcess, signal: NodeJS.Signals): void {
  child.kill(signal);
}
