import http from "node:http";
import { connect, type AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

/** What a proxy was asked for: a forwarded request, or a tunnel and the first bytes that were sent through it. */
export interface Proxied {
  readonly method: string;
  readonly to: string;
  readonly login: string | undefined;
  readonly tunnelled?: Buffer;
}

/**
 * A proxy on this machine, for the running test. Requests for whatever host it forwards to `behind`. A tunnel to whatever host it opens to
 * the port `tunnelTo` of this machine; without one it takes the first bytes, and closes.
 */
export async function aForwardProxy(
  behind: string,
  tunnelTo?: number,
): Promise<{ readonly url: string; readonly asked: readonly Proxied[] }> {
  const asked: Proxied[] = [];
  const server = http.createServer((request, response) => {
    const { method = "", url: to = "", headers } = request;
    asked.push({ method, to, login: headers["proxy-authorization"] });
    const { "proxy-authorization": _login, ...rest } = headers;
    const onward = http.request(new URL(new URL(to).pathname, behind), { method, headers: rest }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  server.on("connect", ({ method = "", url: to = "", headers }, socket) => {
    socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
    socket.on("error", () => undefined);
    socket.once("data", (tunnelled: Buffer) => {
      asked.push({ method, to, login: headers["proxy-authorization"], tunnelled });
      if (tunnelTo === undefined) {
        socket.destroy();
        return;
      }
      const onward = connect(tunnelTo, "127.0.0.1");
      onward.on("error", () => socket.destroy());
      onward.write(tunnelled);
      socket.pipe(onward).pipe(socket);
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}
