import { once } from "node:events";
import http from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Cost } from "../model/report.ts";
import type { Call } from "../ports/meter.ts";
import { createMeter } from "./meter.ts";
import { meteredAgents } from "./metered-agent.ts";

// The server counts its own sockets: what it read is what the client sent.
const sockets = new Set<Socket>();
const server = http.createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    if (request.url === "/reset") request.socket.destroy();
    else response.end("x".repeat(Number(request.url?.slice(1))));
  });
});
server.on("connection", (socket) => sockets.add(socket));

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => server.close());

function send(agent: http.Agent, path: string, body: string): Promise<string> {
  const { port } = server.address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const request = http.request({ agent, port, host: "127.0.0.1", path, method: "POST" }, (response) => {
      let text = "";
      response.on("data", (chunk: Buffer) => (text += chunk.toString()));
      response.on("end", () => resolve(text));
    });
    request.on("error", reject);
    request.end(body);
  });
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

test("requests over kept-alive sockets are counted apart, to the byte that the server saw", async () => {
  const meter = createMeter();
  const agents = meteredAgents(meter, { maxSockets: 2 });
  sockets.clear();
  const answers = await Promise.all(
    [10, 2_000, 70_000, 0, 5, 6].map((size) =>
      meter.during(size > 1_000 ? "large" : "small", () => send(agents.http, `/${size}`, "b".repeat(size))),
    ),
  );
  await settled();
  expect(answers.map((text) => text.length)).toEqual([10, 2_000, 70_000, 0, 5, 6]);
  expect(sockets.size).toBe(2);
  const seen = [...sockets].reduce((sum, socket) => ({ sent: sum.sent + socket.bytesRead, received: sum.received + socket.bytesWritten }), {
    sent: 0,
    received: 0,
  });
  expect(meter.reading()).toEqual({ requests: 6, bytes: seen });
  const [large, small] = [meter.reading("large"), meter.reading("small")];
  expect([large.requests, small.requests]).toEqual([2, 4]);
  expect(large.bytes.sent).toBeGreaterThan(72_000);
  expect(large.bytes.sent + small.bytes.sent).toBe(seen.sent);
  expect(large.bytes.received + small.bytes.received).toBe(seen.received);
  agents.destroy();
});

test("a request whose connection is reset counts with what it sent", async () => {
  const meter = createMeter();
  const agents = meteredAgents(meter);
  await expect(send(agents.http, "/reset", "b".repeat(100))).rejects.toThrow("socket hang up");
  await settled();
  expect(meter.reading().requests).toBe(1);
  expect(meter.reading().bytes.sent).toBeGreaterThan(100);
  expect(meter.reading().bytes.received).toBe(0);
  agents.destroy();
});

test("a request that finds nobody listening counts with no bytes", async () => {
  const meter = createMeter();
  const agents = meteredAgents(meter);
  const request = http.request({ agent: agents.http, port: 1, host: "127.0.0.1" });
  request.end();
  await expect(once(request, "response")).rejects.toThrow("ECONNREFUSED");
  await settled();
  expect(meter.reading().requests).toBe(1);
  expect(meter.reading().bytes.received).toBe(0);
  agents.destroy();
});

test("a call is told by its given name or by method and path without its query, with its status and its time", async () => {
  const calls: (Call | undefined)[] = [];
  const meter = { ...createMeter(), count: (_cost: Cost, call?: Call) => void calls.push(call) };
  let now = 0;
  const agents = meteredAgents(meter, { clock: { monotonic: () => (now += 7) } });
  await send(agents.http, "/3?token=geheim", "");
  await agents.naming("UpdateTable dsp_sales.orders", () => send(agents.http, "/4", ""));
  await expect(send(agents.http, "/reset", "")).rejects.toThrow("socket hang up");
  await settled();
  expect(calls).toEqual([
    { what: "POST /3", status: 200, duration_ms: 7 },
    { what: "UpdateTable dsp_sales.orders", status: 200, duration_ms: 7 },
    { what: "POST /reset", status: null, duration_ms: 7 },
  ]);
  agents.destroy();
});
