import { execFile, spawn } from "node:child_process";
import { chownSync, globSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import pg from "pg";
import { missing } from "./require.ts";

const run = promisify(execFile);

/** A PostgreSQL server of this machine's packages, on a port of its own, for one test file. */
export interface PostgresServer extends AsyncDisposable {
  readonly port: number;
  /** Of a database on this server, behind another port where a proxy stands before it. */
  url(database?: string, port?: number): string;
  /** The same for a user whom the server lets in without a word, which spares the many who only come for content the cost of a login. */
  readonly quick: string;
  /** Makes an empty database and answers with its URL. */
  createDatabase(): Promise<string>;
  /** Asks the server something as its superuser, in the database of that URL. */
  ask(sql: string, values?: readonly unknown[], url?: string): Promise<readonly (readonly unknown[])[]>;
  /** Kills the whole server with SIGKILL, as a machine that loses its power would. */
  kill(): Promise<void>;
  /** Ends it as `pg_ctl stop -m fast` does. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Where its files lie. */
  readonly folder: string;
}

/** Must not be seen in any output. */
export const PASSWORD = "s3cret-canary";

const NOT_INSTALLED = "Debian's package postgresql is not installed.";

/** Whether PostgreSQL is installed; says so where it is not. */
export function hasPostgres(): boolean {
  return programs() !== undefined || missing("postgres", NOT_INSTALLED) !== null;
}

function programs(): string | undefined {
  return globSync("/usr/lib/postgresql/*/bin/initdb")
    .map((path) => join(path, ".."))
    .sort()
    .at(-1);
}

let server: Promise<PostgresServer | null> | undefined;

/** The server of this test file, started by the first who asks. Null, with a notice, where PostgreSQL is not installed. */
export function postgresServer(): Promise<PostgresServer | null> {
  server ??= startPostgres({ fsync: "off" }).catch((error: unknown) => missing("postgres", `the server does not start: ${String(error)}`));
  return server;
}

/**
 * Starts a server in a temporary folder of its own. It ends, and its folder goes, when this process does, whatever became of that: a shell waits
 * for the end of its own input. PostgreSQL refuses to run as root, so root runs it as the user `postgres`.
 */
export async function startPostgres({
  fsync,
  parent = tmpdir(),
}: {
  readonly fsync: "on" | "off";
  /** The folder that its own is made in. */
  readonly parent?: string;
}): Promise<PostgresServer | null> {
  const bin = programs();
  if (bin === undefined) return missing("postgres", NOT_INSTALLED);
  const user = process.getuid?.() === 0 ? userNamed("postgres") : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  if (user === null) return missing("postgres", "there is no user postgres to run it as.");
  const folder = mkdtempSync(join(parent, "tidemark-postgres-"));
  chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const passwords = join(folder, "password");
  writeFileSync(passwords, `${PASSWORD}\n`);
  chownSync(passwords, user.uid, user.gid);
  const options = [
    "--no-sync",
    "--username=tidemark",
    `--pwfile=${passwords}`,
    "--auth=scram-sha-256",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
  ];
  await run(join(bin, "initdb"), ["--pgdata", data, ...options], { ...user, cwd: folder, env: {} });
  const rules = join(data, "pg_hba.conf");
  writeFileSync(rules, `host all quick 127.0.0.1/32 trust\n${readFileSync(rules, "utf8")}`);
  const port = await freePort();
  const settings = { port, listen_addresses: "127.0.0.1", unix_socket_directories: "", fsync, full_page_writes: fsync, ...SMALL };
  const given = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const keeper = spawn("/bin/sh", ["-c", KEEPER, "sh", folder, join(bin, "postgres"), "-D", data, ...given], {
    ...user,
    cwd: folder,
    env: {},
    stdio: ["pipe", "ignore", "ignore"],
  });
  const ended = new Promise<void>((resolve) => keeper.once("exit", () => resolve()));
  const url = (database = "postgres", at = port): string => `postgres://tidemark:${PASSWORD}@127.0.0.1:${at}/${database}`;
  const made: PostgresServer = {
    port,
    folder: data,
    url,
    quick: `postgres://quick@127.0.0.1:${port}/postgres`,
    createDatabase: async () => {
      const name = `test_${(databases += 1)}`;
      await made.ask(`CREATE DATABASE ${name}`);
      return url(name);
    },
    ask: async (sql, values = [], at = url()) => await asked(at, sql, values),
    kill: async () => {
      // Each backend notices by itself that its postmaster is gone; what they hold of the shared memory must be gone before it starts again.
      process.kill(postmasterIn(data), "SIGKILL");
      while (await answers(port)) await sleep(20);
    },
    stop: async () => {
      process.kill(postmasterIn(data), "SIGINT");
      while (await answers(port)) await sleep(20);
    },
    start: async () => {
      // Begins anew while what a killed server left is still going away.
      for (let attempt = 0; attempt < 20; attempt++) {
        keeper.stdin?.write("start\n");
        if (await isReady(url())) return;
      }
      throw new Error(`It does not become ready:\n${readFileSync(join(folder, "log"), "utf8")}`);
    },
    [Symbol.asyncDispose]: async () => {
      keeper.stdin?.end();
      await ended;
    },
  };
  await made.start();
  await made.ask("CREATE ROLE quick SUPERUSER LOGIN");
  return made;
}

/** Starts the server for each line of its input, and ends it with the input. */
const KEEPER = `folder=$1; shift
while read -r line; do "$@" >> "$folder/log" 2>&1 & done
server=$(head -n 1 "$folder/data/postmaster.pid") && kill -QUIT "$server"
wait
rm -rf "$folder"`;

/** Enough for a test, and small. */
const SMALL = { shared_buffers: "16MB", max_connections: 40, max_wal_size: "256MB", autovacuum: "off" };

let databases = 0;

function userNamed(name: string): { readonly uid: number; readonly gid: number } | null {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  return uid === undefined ? null : { uid: Number(uid), gid: Number(gid) };
}

function postmasterIn(data: string): number {
  return Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function answers(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1", () => resolve(true)).once("error", () => resolve(false));
    socket.once("connect", () => socket.destroy());
  });
}

async function isReady(url: string): Promise<boolean> {
  for (let attempt = 0; attempt < 30; attempt++) {
    try {
      await asked(url, "SELECT 1", []);
      return true;
    } catch {
      await sleep(100);
    }
  }
  return false;
}

async function asked(url: string, sql: string, values: readonly unknown[]): Promise<readonly (readonly unknown[])[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<unknown[]>({ text: sql, values: [...values], rowMode: "array" })).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}
