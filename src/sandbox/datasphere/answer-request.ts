import { setTimeout as pause } from "node:timers/promises";
import type { Answer, Delivery } from "../http/deliver.ts";
import { carryOut, refusal } from "./carry-out.ts";
import { encoded, whole } from "./encode-reply.ts";
import { type Circumstances, type Exchange, LOGIN_PAGE, type Reply } from "./exchange.ts";
import type { Fault } from "./faults.ts";
import { hostileAnswer } from "./hostile-bodies.ts";
import { mangled } from "./mangle-answer.ts";
import { rewritten } from "./rewrite-answer.ts";
import { type Route, routeOf } from "./routes.ts";
import type { LoggedRequest, SandboxState } from "./sandbox-state.ts";
import { type Strike, STRIKES } from "./strikes.ts";
import { TenantError } from "./tenant-error.ts";

/** Answers one request, with the faults, the rate limit and the latency that are set. */
export async function answerRequest(exchange: Exchange, state: SandboxState): Promise<Delivery> {
  const route = routeOf(exchange.path);
  const target = { operation: route.operation, ...namesIn(route, exchange) };
  const url = exchange.path + (exchange.query.size > 0 ? `?${exchange.query.toString()}` : "");
  const call = state.ledger.arrived(route.operation, exchange.body.length, { method: exchange.method, url, ...namesIn(route, exchange) });
  const fault = state.faults.strike(target);
  if (fault !== null) state.ledger.struck(call, fault.fault);

  const does = fault === null ? null : STRIKES[fault.fault].does;
  const wait = state.settings.latency_ms + (does?.kind === "delay" ? (fault?.ms ?? 1000) : 0);
  if (wait > 0) await pause(wait);
  return fault === null || does === null ? usual(route, exchange, call, state) : struck(fault, does, route, exchange, call, state);
}

async function usual(route: Route, exchange: Exchange, call: LoggedRequest, state: SandboxState): Promise<Delivery> {
  return recorded(call, carryOut(route, exchange, {}, state), exchange, state);
}

async function struck(
  fault: Fault,
  does: Strike["does"],
  route: Route,
  exchange: Exchange,
  call: LoggedRequest,
  state: SandboxState,
): Promise<Delivery> {
  switch (does.kind) {
    case "break":
      return does.how === "reset" ? { kind: "reset" } : { kind: "silence", ms: fault.ms ?? null };
    case "refuse":
      return recorded(call, refusal(route.operation, refusedWith(fault, does.status)), exchange, state);
    case "login":
      return recorded(call, LOGIN_PAGE, exchange, state);
    case "replace":
      return counted(call, hostileAnswer(does.by, fault, route.operation), undefined, state);
    case "delay":
      return usual(route, exchange, call, state);
    case "distort":
      return recorded(call, carryOut(route, exchange, circumstancesOf(fault, does.how), state), exchange, state);
    case "rewrite": {
      const reply = carryOut(route, exchange, {}, state);
      if (reply.status !== 200) return recorded(call, reply, exchange, state);
      return recorded(call, { ...reply, body: rewritten(await whole(reply.body), fault, exchange, call.seq) }, exchange, state);
    }
    case "mangle": {
      const reply = carryOut(route, exchange, {}, state);
      const delivery = await recorded(call, reply, exchange, state);
      return delivery.kind === "answer" ? mangled(delivery.answer, fault) : delivery;
    }
  }
}

function refusedWith({ fault, status: given, retry_after = "1" }: Fault, status: number): TenantError {
  const waits = (fault === "throttle" || fault === "unavailable") && retry_after !== "";
  return new TenantError(
    fault === "status" ? (given ?? status) : status,
    "Injected by the sandbox.",
    waits ? { "retry-after": retry_after } : {},
  );
}

function circumstancesOf({ rows = 0 }: Fault, how: Extract<Strike["does"], { readonly kind: "distort" }>["how"]): Circumstances {
  switch (how) {
    case "short_page":
      return { pageRows: rows };
    case "ignored_skip":
      return { ignoresSkip: true };
    case "shifting_page":
      return { losesFirst: true };
    case "stale":
      return { isStale: true };
  }
}

async function recorded(call: LoggedRequest, reply: Reply, exchange: Exchange, state: SandboxState): Promise<Delivery> {
  const headers = { date: new Date(state.now()).toUTCString(), ...reply.headers };
  return counted(call, await encoded({ ...reply, headers }, exchange, state.settings), reply.error, state);
}

function counted(call: LoggedRequest, answer: Answer, error: string | undefined, state: SandboxState): Delivery {
  const { status, body } = answer;
  const end = (bytes: number): void => state.ledger.answered(call, { status, bytes, error, throttled: status === 429 });
  if (Buffer.isBuffer(body)) {
    end(body.length);
    return { kind: "answer", answer };
  }
  return { kind: "answer", answer: { ...answer, body: passing(body, end) } };
}

async function* passing(body: AsyncIterable<Buffer>, end: (bytes: number) => void): AsyncGenerator<Buffer> {
  let bytes = 0;
  try {
    for await (const piece of body) {
      bytes += piece.length;
      yield piece;
    }
  } finally {
    end(bytes);
  }
}

function namesIn(route: Route, { query }: Exchange): { readonly space?: string; readonly name?: string } {
  const space = route.operation === "read_content" ? query.get("space") : "space" in route ? route.space : null;
  return { ...(space !== null && { space }), ...("name" in route && { name: route.name }) };
}
