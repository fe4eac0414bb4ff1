import { connect, createServer, type Socket } from "node:net";

/** Stands between a client and a server on this machine, and cuts. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number;
  /** Cuts every connection there is. */
  cut(): void;
  /**
   * Cuts once, when a client next sends this text: before the server has it, or behind the server's back when it has answered, so that the
   * client cannot know.
   */
  cutAt(text: string, when: "before the server has it" | "when the server has answered"): void;
  /** Lets nobody in any more, or again. */
  closed: boolean;
}

export async function startCuttingProxy(serverPort: number): Promise<CuttingProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let awaited: { readonly text: string; readonly when: "before the server has it" | "when the server has answered" } | null = null;
  const server = createServer((client) => {
    if (proxy.closed) {
      client.destroy();
      return;
    }
    const upstream = connect(serverPort, "127.0.0.1");
    const pair = [client, upstream] as const;
    pairs.add(pair);
    let isCut = false;
    const end = (): void => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const socket of pair) socket.on("error", end).on("close", end);
    client.on("data", (bytes) => {
      if (awaited !== null && bytes.includes(awaited.text)) {
        const { when } = awaited;
        awaited = null;
        if (when === "before the server has it") return end();
        isCut = true;
      }
      upstream.write(bytes);
    });
    upstream.on("data", (bytes) => (isCut ? end() : client.write(bytes)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy: CuttingProxy = {
    port: (server.address() as { port: number }).port,
    closed: false,
    cut: () => {
      for (const [client] of pairs) client.destroy();
    },
    cutAt: (text, when) => (awaited = { text, when }),
    [Symbol.asyncDispose]: async () => {
      proxy.cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return proxy;
}
