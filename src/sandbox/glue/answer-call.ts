import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import type { Answer, Delivery } from "../http/deliver.ts";
import { FAULTS, type Fault, type FaultEffect } from "./faults.ts";
import { GlueError } from "./glue-error.ts";
import type { LoggedCall } from "./ledger.ts";
import { namedIn } from "./named.ts";
import { OPERATIONS } from "./operations.ts";
import type { SandboxState } from "./sandbox-state.ts";

const JSON_TYPE = "application/x-amz-json-1.1";
const SIGN_IN_PAGE = Buffer.from("<!DOCTYPE html><html><head><title>Sign in</title></head><body>Please sign in to continue.</body></html>");
const UTF8 = new TextDecoder("utf-8", { fatal: true });

/** Carries out one call of the service, with the faults, the throttling and the latency that are set. */
export async function answerCall(operation: string, body: Uint8Array, state: SandboxState): Promise<Delivery> {
  const input = parsed(body);
  const call = state.ledger.arrived(operation, body.length, {
    writes: OPERATIONS.get(operation)?.writes ?? false,
    ...namedIn(operation, input),
    applied: false,
  });
  const fault = state.faults.strike(operation);
  if (fault !== null) state.ledger.struck(call, fault.fault);
  const effect = fault === null ? null : FAULTS[fault.fault];

  const wait = state.settings.latency_ms + (effect?.does === "wait" ? (fault?.ms ?? 1000) : 0);
  if (wait > 0) await pause(wait);
  if (fault !== null && effect?.when === "before") return recorded(call, faulty(fault, effect, null), state);

  const answer = carryOut(call, input, fault?.fault === "short_page" ? (fault.rows ?? 0) : null, state);
  return recorded(call, fault !== null && effect?.when === "after" ? faulty(fault, effect, answer) : answer, state);
}

interface Outcome {
  readonly delivery: Delivery;
  readonly error?: string;
}

function carryOut(call: LoggedCall, input: unknown, pageRows: number | null, state: SandboxState): Outcome {
  try {
    const operation = OPERATIONS.get(call.operation);
    if (operation === undefined) throw new GlueError("UnknownOperationException", `The sandbox does not simulate ${call.operation}.`);
    if (!state.throttle.allows(call.operation, operation.writes, performance.now()))
      throw new GlueError("ThrottlingException", "Rate exceeded");
    if (input === undefined) throw new GlueError("SerializationException", "The request's body is not JSON in UTF-8.");
    const now = (): number => Math.floor(Date.now() / 1000);
    const output = operation.run(input, { catalogs: state.catalogs, quotas: state.settings, now, pageRows });
    state.ledger.applied(call);
    if (operation.writes) state.file?.changed();
    return answered(200, JSON_TYPE, Buffer.from(JSON.stringify(output)));
  } catch (error) {
    if (error instanceof GlueError) return refusal(error);
    throw error;
  }
}

function faulty(fault: Fault, effect: FaultEffect, outcome: Outcome | null): Outcome {
  switch (effect.does) {
    case "reset":
      return { delivery: { kind: "reset" } };
    case "hang":
      return { delivery: { kind: "silence", ms: fault.ms ?? null } };
    case "html":
      return answered(200, "text/html", SIGN_IN_PAGE);
    case "truncate":
      return outcome?.delivery.kind === "answer"
        ? { ...outcome, delivery: { ...outcome.delivery, kind: "cut", framing: "length" } }
        : { delivery: { kind: "reset" } };
    case "error":
      return refusal(new GlueError(fault.code ?? effect.code ?? "InternalServiceException", fault.message ?? effect.message ?? ""));
    case "wait":
    case "shorten":
      return outcome ?? { delivery: { kind: "reset" } };
  }
}

// The service's model calls the text `Message`; what its framework refuses before that comes with `message`. Clients read either, so both are there.
function refusal(error: GlueError): Outcome {
  const body = Buffer.from(JSON.stringify({ __type: error.code, Message: error.message, message: error.message }));
  return { ...answered(error.status, JSON_TYPE, body), error: error.code };
}

function answered(status: number, type: string, body: Buffer): { readonly delivery: Delivery } {
  return { delivery: { kind: "answer", answer: { status, headers: { "content-type": type, "x-amzn-requestid": randomUUID() }, body } } };
}

function recorded(call: LoggedCall, { delivery, error }: Outcome, state: SandboxState): Delivery {
  if (delivery.kind !== "answer" && delivery.kind !== "cut") return delivery;
  const { status, body } = delivery.answer as Answer & { readonly body: Buffer };
  state.ledger.answered(call, { status, bytes: body.length, error, throttled: error === "ThrottlingException" });
  return delivery;
}

// Undefined stands for what cannot be read; JSON has no such value.
function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(UTF8.decode(body));
  } catch {
    return undefined;
  }
}
