import { expect, test } from "vitest";
import { aGlueSandbox } from "../../../test/helpers/sandbox-glue.ts";
import { startGlueSandbox } from "./start-glue-sandbox.ts";

test("an answer bears the protocol's type and a request id of its own", async () => {
  const { sandbox } = await aGlueSandbox();
  const first = await call(sandbox.url, "AWSGlue.GetDatabases", "{}");
  const second = await call(sandbox.url, "AWSGlue.GetDatabases", "{}");

  expect(first).toMatchObject({ status: 200, type: "application/x-amz-json-1.1", body: { DatabaseList: [] } });
  expect(first.id).toMatch(/^[0-9a-f-]{36}$/);
  expect(second.id).not.toBe(first.id);
});

test("an error names its type and says its message", async () => {
  const { sandbox } = await aGlueSandbox();

  expect(await call(sandbox.url, "AWSGlue.GetDatabase", '{"Name":"none"}')).toMatchObject({
    status: 400,
    type: "application/x-amz-json-1.1",
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    body: { __type: "EntityNotFoundException", Message: "Database none not found.", message: "Database none not found." },
  });
});

test("times are whole epoch seconds", async () => {
  const { glue, sandbox } = await aGlueSandbox();
  await glue.createDatabase({ DatabaseInput: { Name: "d" } });
  const { body } = await call(sandbox.url, "AWSGlue.GetDatabase", '{"Name":"d"}');
  const time = (body as { Database: { CreateTime: number } }).Database.CreateTime;

  expect(Number.isInteger(time)).toBe(true);
  expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(60);
});

test.each([
  ["an operation of another service", "DynamoDB_20120810.ListTables", "application/x-amz-json-1.1"],
  ["an operation that there is not", "AWSGlue.MakeCoffee", "application/x-amz-json-1.1"],
  ["no operation", undefined, "application/x-amz-json-1.1"],
  ["another content type", "AWSGlue.GetDatabases", "application/json"],
])("%s is an unknown operation", async (_claim, target, type) => {
  const { sandbox } = await aGlueSandbox();

  expect(await call(sandbox.url, target, "{}", type)).toMatchObject({ status: 400, body: { __type: "UnknownOperationException" } });
});

test("a body that is no UTF-8 is not understood", async () => {
  const { sandbox } = await aGlueSandbox();

  expect(await call(sandbox.url, "AWSGlue.GetDatabase", Uint8Array.of(0x7b, 0x22, 0x4e, 0xff, 0x22, 0x7d))).toMatchObject({
    status: 400,
    body: { __type: "SerializationException" },
  });
});

test("a connection serves many calls", async () => {
  const { glue, sandbox } = await aGlueSandbox();
  await Promise.all(Array.from({ length: 50 }, () => glue.getDatabases({})));

  expect(sandbox.counts()).toMatchObject({ calls: 50, errors: 0 });
});

test("it listens on the port that it is given, on this machine alone", async () => {
  await using first = await startGlueSandbox();
  const { port } = first;
  await first.close();
  await using second = await startGlueSandbox({ port });

  expect(second.url).toBe(`http://127.0.0.1:${port}`);
  await expect(startGlueSandbox({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly id: string | null;
  readonly body: unknown;
}

async function call(
  url: string,
  target: string | undefined,
  body: string | Uint8Array<ArrayBuffer>,
  type = "application/x-amz-json-1.1",
): Promise<Answer> {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "content-type": type, ...(target !== undefined && { "x-amz-target": target }) },
    body,
  });
  return {
    status: answer.status,
    type: answer.headers.get("content-type"),
    id: answer.headers.get("x-amzn-requestid"),
    body: await answer.json(),
  };
}
