import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import * as https from "node:https";
import { join } from "node:path";
import { temporaryFolder } from "../../support/temporary-folder.js";
import {
  certificateFor,
  certify,
  trust,
  withPlainEnvironment,
  type Certificate,
} from "./certificates.js";
import { portOf, startProxy } from "./proxies.js";
import { closeAll, connect, failureOf, rotated, serveTls } from "./server.js";

const folder = temporaryFolder();
let company: Certificate;
let other: Certificate;
beforeAll(() => {
  company = certificateFor("DNS:api.us.poly.ai", "IP:127.0.0.1");
  other = certificateFor("DNS:elsewhere.example");
});
withPlainEnvironment();
afterEach(closeAll);

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const subfolder = (name: string, text?: string): string => {
  mkdirSync(join(folder, name));
  if (text !== undefined) file(join(name, "company.pem"), text);
  return join(folder, name);
};

const DAMAGED = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

it.each<[string, () => NodeJS.ProcessEnv]>([
  ["SSL_CERT_FILE", () => ({ SSL_CERT_FILE: file("a.pem", company.cert) })],
  [
    "the second folder of SSL_CERT_DIR",
    () => ({ SSL_CERT_DIR: `${subfolder("empty")}:${subfolder("full", company.cert)}` }),
  ],
  ["NODE_EXTRA_CA_CERTS", () => ({ NODE_EXTRA_CA_CERTS: file("b.pem", company.cert) })],
  [
    "NODE_EXTRA_CA_CERTS, beside another in SSL_CERT_FILE",
    () => ({
      SSL_CERT_FILE: file("c.pem", other.cert),
      NODE_EXTRA_CA_CERTS: file("d.pem", company.cert),
    }),
  ],
  [
    "a file with a damaged certificate and other text in it",
    () => ({ SSL_CERT_FILE: file("e.pem", `# Ours\n${DAMAGED}${company.cert}`) }),
  ],
])("trusts an authority in %s, which is read at the first request", async (_where, environment) => {
  const api = await serveTls(rotated("whsec_trusted"), company);
  const { rotate } = connect(api.url);
  Object.assign(process.env, environment());
  expect(await Promise.all([rotate(), rotate()])).toEqual(["whsec_trusted", "whsec_trusted"]);
});

it("trusts one that is not the end of its own chain", async () => {
  const middle = certify(["DNS:middle.example"], other);
  const api = await serveTls(rotated("whsec_chain"), certify(["IP:127.0.0.1"], middle));
  trust(middle);
  expect(await connect(api.url).rotate()).toBe("whsec_chain");
});

it("reaches an https proxy, and the API behind a proxy, by such an authority", async () => {
  const api = await serveTls(rotated("whsec_tunnelled"), company);
  const proxy = await startProxy(
    portOf(api),
    undefined,
    https.createServer({ key: company.key, cert: company.cert }),
    "https",
  );
  Object.assign(process.env, {
    HTTPS_PROXY: proxy.url,
    NODE_EXTRA_CA_CERTS: file("f.pem", company.cert),
  });
  expect(await connect("https://api.us.poly.ai").rotate()).toBe("whsec_tunnelled");
});

const WAY_OUT =
  "name a file with the certificate of its authority in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS";

it("trusts none but those that SSL_CERT_FILE and SSL_CERT_DIR name, and says which", async () => {
  const api = await serveTls(rotated(), company);
  trust(other);
  const error = await failureOf(connect(api.url).rotate());
  expect(error).toMatchObject({ kind: "tls", ambiguous: false, attempts: 1 });
  expect(error.message).toMatch(/self-signed certificate: /);
  expect(error.message).toContain(`${WAY_OUT} (read: ${process.env["SSL_CERT_FILE"] ?? ""})`);
  expect(api.seen).toHaveLength(0);
});

it("reads what Go reads on Linux if nothing is named, and says so", async () => {
  const api = await serveTls(rotated(), company);
  const error = await failureOf(connect(api.url).rotate());
  const files = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];
  const folders = ["/etc/ssl/certs", "/etc/pki/tls/certs"];
  const read = [...files.filter(existsSync).slice(0, 1), ...folders.filter(existsSync)];
  expect(error.message).toContain(`${WAY_OUT} (read: ${["Node's own", ...read].join(", ")})`);
});

it("says of an https proxy, too, that nobody vouches for it", async () => {
  const { key, cert } = company;
  const server = https.createServer({ key, cert });
  const proxy = await startProxy(9, undefined, server, "https");
  process.env["HTTPS_PROXY"] = proxy.url;
  trust(other);
  const error = await failureOf(connect("https://api.us.poly.ai").rotate());
  expect(error).toMatchObject({ kind: "proxy", attempts: 1 });
  expect(error.message).toContain(WAY_OUT);
});
