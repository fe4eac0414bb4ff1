import { type Emulator, startEmulator } from "./python.ts";

/** moto's server, its state empty: a Glue endpoint that is not ours. Null where there is no Python. */
export async function startMoto(): Promise<Emulator | null> {
  return await startEmulator("moto", MOTO, "/moto-api/");
}

/** MiniStack with Glue alone, its state empty: another one. Null where there is no Python. */
export async function startMiniStack(): Promise<Emulator | null> {
  return await startEmulator("MiniStack", MINISTACK, "/_ministack/health");
}

/** Empties a server that one of these started. */
export async function resetEmulator({ url }: Emulator): Promise<void> {
  for (const path of ["/moto-api/reset", "/_ministack/reset"]) {
    const response = await fetch(`${url}${path}`, { method: "POST" });
    await response.arrayBuffer();
    if (response.ok) return;
  }
  throw new Error(`${url} was not emptied`);
}

const MOTO = `
from moto.server import main
main(["-H", "127.0.0.1", "-p", "0"])
`;

// Its own command line takes no free port. Its listeners for other protocols stay off.
const MINISTACK = `
os.environ.update(SERVICES="glue", IOT_MTLS_ENABLED="0", SFTP_ENABLED="0", BIND_HOST="127.0.0.1")
import asyncio
from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack.app import app
config = Config()
config.bind = ["127.0.0.1:0"]
asyncio.run(serve(app, config))
`;
