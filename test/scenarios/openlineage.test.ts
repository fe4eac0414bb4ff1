import { readFile, rm, stat } from "node:fs/promises";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { RunEvent } from "../../src/listeners/openlineage/event.ts";
import { aWorkplace, tables, type Workplace } from "../cli/a-workplace.ts";
import { PUBLISHED_RUN_EVENT } from "../helpers/openlineage-schema.ts";

const toFile = "openlineage: { file: events.ndjson }\n";

async function eventsOf({ cwd }: Workplace): Promise<readonly RunEvent[]> {
  const lines = (await readFile(join(cwd, "events.ndjson"), "utf8")).trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as RunEvent);
}

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly event: RunEvent;
}

/** A lineage backend that keeps what it is sent, and answers with these codes in turn (the last one for ever); null never answers. */
async function aBackend(...answers: readonly (number | null)[]): Promise<{ readonly url: string; readonly received: readonly Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      received.push({ headers: request.headers, event: JSON.parse(body) as RunEvent });
      const answer = answers[Math.min(received.length, answers.length) - 1] ?? null;
      if (answer !== null) response.writeHead(answer, { location: "http://127.0.0.1:1/" }).end("{}");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/lineage`, received };
}

test("each run tells its beginning, what it wrote from which columns, and its end, as the published schema has it", async () => {
  const place = await aWorkplace({}, `${toFile}owners: { SALES: Sales Analytics }\n`);
  await place.exported({
    Orders: { ID: { type: "cds.Integer", key: true }, NetValue: { type: "cds.Decimal", precision: 15, scale: 2 } },
    Old: null,
  });
  const first = JSON.parse((await place.run("sync", "--json")).stdout) as { readonly run_id: string };
  await place.exported({ Orders: { ID: { type: "cds.Integer", key: true } } });
  await place.run("sync");

  const events = await eventsOf(place);

  for (const event of events) expect(PUBLISHED_RUN_EVENT.parse(event)).toEqual(event);
  expect(events.map(({ eventType, run }) => [eventType, run.runId === first.run_id])).toEqual([
    ["START", true],
    ["COMPLETE", true],
    ["START", false],
    ["COMPLETE", false],
  ]);
  const [, full, , second] = events as readonly [RunEvent, RunEvent, RunEvent, RunEvent];
  expect(full.job).toMatchObject({ namespace: "tidemark", name: "sales" });
  const orders = full.outputs.find(({ name }) => name === "table/dsp_sales/orders");
  expect(orders).toMatchObject({
    namespace: "arn:aws:glue:eu-central-1:",
    facets: {
      schema: {
        fields: [
          { name: "id", type: "int" },
          { name: "netvalue", type: "decimal(15,2)" },
        ],
      },
      ownership: { owners: [{ name: "Sales Analytics" }] },
      columnLineage: { fields: { netvalue: { inputFields: [{ namespace: "datasphere", name: "SALES.Orders", field: "NetValue" }] } } },
      lifecycleStateChange: { lifecycleStateChange: "CREATE" },
    },
  });
  expect(full.inputs.find(({ name }) => name === "SALES.Orders")?.facets["schema"]).toMatchObject({
    fields: [
      { name: "ID", type: "cds.Integer" },
      { name: "NetValue", type: "cds.Decimal(15,2)" },
    ],
  });
  expect(second.outputs.map(({ name, facets }) => [name, facets["lifecycleStateChange"]?.["lifecycleStateChange"]]).sort()).toEqual([
    ["table/dsp_sales/old", "DROP"],
    ["table/dsp_sales/orders", "ALTER"],
  ]);
  expect((await stat(join(place.cwd, "events.ndjson"))).mode & 0o777).toBe(0o600);
});

test("a first sync of many assets is told in events of a bounded size, the last with the end", async () => {
  const place = await aWorkplace({}, toFile);
  await place.exported(tables(1, 600));

  await place.run("sync");

  const events = await eventsOf(place);
  expect(events.map(({ eventType, outputs }) => [eventType, outputs.length])).toEqual([
    ["START", 0],
    ["RUNNING", 250],
    ["RUNNING", 250],
    ["COMPLETE", 100],
  ]);
  expect(new Set(events.flatMap(({ outputs }) => outputs.map(({ name }) => name))).size).toBe(600);
});

test("a plan is no run: it tells nobody", async () => {
  const place = await aWorkplace({}, toFile);
  await place.exported(tables(1, 2));

  await place.run("plan");

  await expect(stat(join(place.cwd, "events.ndjson"))).rejects.toThrow("ENOENT");
});

test("a run that the guard refuses is told as aborted, one that cannot begin as failed, each with its reason", async () => {
  const place = await aWorkplace({}, toFile);
  await place.exported(tables(1, 20));
  await place.run("sync");
  await place.exported(tables(1, 2));
  await place.run("sync");
  await rm(join(place.cwd, "exports"), { recursive: true });
  await place.run("sync");

  const [refused, failed] = (await eventsOf(place)).filter(({ eventType }) => eventType === "ABORT" || eventType === "FAIL");

  expect([refused?.eventType, refused?.outputs, refused?.run.facets?.["errorMessage"]?.["message"]]).toEqual([
    "ABORT",
    [],
    expect.stringContaining("18") as unknown,
  ]);
  expect([failed?.eventType, failed?.run.facets?.["errorMessage"]?.["message"]]).toEqual([
    "FAIL",
    expect.stringContaining("exports") as unknown,
  ]);
  for (const event of [refused, failed]) expect(PUBLISHED_RUN_EVENT.parse(event)).toEqual(event);
});

test("a backend gets every event by POST, with the key as bearer token", async () => {
  const { url, received } = await aBackend(201);
  const place = await aWorkplace(
    {},
    `openlineage: { url: "${url}", api_key: "\${LINEAGE_KEY:-s3cret}", namespace: prod, target_namespace: lake }\n`,
  );
  await place.exported(tables(1, 2));

  const { code, stdout } = await place.run("sync", "--json");

  expect([code, (JSON.parse(stdout) as { problems: unknown }).problems]).toEqual([0, []]);
  expect(received.map(({ headers, event }) => [event.eventType, headers.authorization, headers["content-type"]])).toEqual([
    ["START", "Bearer s3cret", "application/json"],
    ["COMPLETE", "Bearer s3cret", "application/json"],
  ]);
  for (const { event } of received) expect(PUBLISHED_RUN_EVENT.parse(event)).toEqual(event);
  expect(received[1]?.event).toMatchObject({ job: { namespace: "prod" }, outputs: [{ namespace: "lake" }, { namespace: "lake" }] });
});

test.for([
  ["answers with an error", [500], "it answered 500"],
  ["sends elsewhere, where the key must not go", [302], "redirect"],
] as const)("a backend that %s is a warning, and the sync is whole", async ([, answers, reason]) => {
  const { url } = await aBackend(...answers);
  const place = await aWorkplace({}, `openlineage: { url: "${url}" }\n`);
  await place.exported(tables(1, 2));

  const { code, stdout } = await place.run("sync", "--json");

  const report = JSON.parse(stdout) as { readonly status: string; readonly problems: readonly { code: string; message: string }[] };
  expect([code, report.status]).toEqual([0, "succeeded"]);
  expect(report.problems.map((problem) => problem.code)).toEqual(["event_unsent", "event_unsent"]);
  expect(report.problems[0]?.message).toContain(reason);
});

test("a backend that never answers holds a run up for seconds, not for ever; one that is away not at all", async () => {
  const { url } = await aBackend(null);
  const place = await aWorkplace({}, `openlineage: { url: "${url}", file: /proc/none/events.ndjson }\n`);
  await place.exported(tables(1, 2));

  const { code, stdout } = await place.run("sync");

  expect(code).toBe(0);
  expect(stdout).toContain("The OpenLineage event START could not go to /proc/none/events.ndjson: ENOENT");
  expect(stdout).toContain(
    `The OpenLineage event COMPLETE could not go to ${url}: The operation was aborted due to timeout. The run went on.`,
  );
});
