import { Glue } from "@aws-sdk/client-glue";
import { onTestFinished } from "vitest";
import { startGlueSandbox, type GlueSandbox, type GlueSandboxOptions } from "../../src/sandbox/glue/start-glue-sandbox.ts";

/** A sandbox Glue of its own for the running test, and an SDK client at it that never retries. Both end with the test. */
export async function aGlueSandbox(options: GlueSandboxOptions = {}): Promise<{ readonly sandbox: GlueSandbox; readonly glue: Glue }> {
  const sandbox = await startGlueSandbox(options);
  const glue = glueClient(sandbox.url);
  onTestFinished(async () => {
    glue.destroy();
    await sandbox.close();
  });
  return { sandbox, glue };
}

/** The real SDK's client at an endpoint on this machine, with one attempt for each call. */
export function glueClient(endpoint: string): Glue {
  return new Glue({ endpoint, region: "eu-central-1", credentials: { accessKeyId: "test", secretAccessKey: "test" }, maxAttempts: 1 });
}
