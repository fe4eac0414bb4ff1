import { execFile } from "node:child_process";
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { onTestFinished } from "vitest";
import { pythonVenv } from "./python.ts";

/** A key and the certificate that it signed for itself, both PEM. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Makes a certificate for one host, good for an hour. Node cannot make one, Python's `cryptography` (which moto brings) can; null as for {@link pythonVenv}. */
export async function aCertificate(host: string): Promise<Certificate | null> {
  const python = await pythonVenv();
  if (python === null) return null;
  const { stdout } = await promisify(execFile)(python, ["-c", SELF_SIGNED, host]);
  return JSON.parse(stdout) as Certificate;
}

/** Speaks TLS with that certificate for the running test, and passes what it is asked on to `behind`. Answers with its port. */
export async function aTlsFront(behind: string, { key, cert }: Certificate): Promise<number> {
  const server = https.createServer({ key, cert }, (request, response) => {
    const { method, url = "/", headers } = request;
    const onward = http.request(new URL(url, behind), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const SELF_SIGNED = `
import datetime, json, sys
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, sys.argv[1])])
now = datetime.datetime.now(datetime.timezone.utc)
cert = (x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    .serial_number(x509.random_serial_number())
    .not_valid_before(now - datetime.timedelta(minutes=5)).not_valid_after(now + datetime.timedelta(hours=1))
    .add_extension(x509.SubjectAlternativeName([x509.DNSName(sys.argv[1])]), critical=False)
    .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    .sign(key, hashes.SHA256()))
pem = serialization.Encoding.PEM
print(json.dumps({
    "key": key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()).decode(),
    "cert": cert.public_bytes(pem).decode(),
}))
`;
