import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../support/temporary-folder.js";
import {
  certificateFor,
  certify,
  trust,
  withPlainEnvironment,
  type Certificate,
} from "./certificates.js";
import { portOf, startProxy, startTlsProxy } from "./proxies.js";
import {
  closeAll,
  connect,
  connected,
  failureOf,
  json,
  rotated,
  serve,
  serveTls,
} from "./server.js";

const folder = temporaryFolder();
let company: Certificate;
let other: Certificate;
beforeAll(() => {
  company = certificateFor("DNS:api.us.poly.ai", "IP:127.0.0.1");
  other = certificateFor("DNS:elsewhere.example");
});
withPlainEnvironment();
afterEach(closeAll);

const REGION_URL = "https://api.us.poly.ai";

const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const ours = (name: string, before = "") => file(name, before + company.cert);
const DAMAGED = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";

// With a real CLI, other tests show that each of these variables counts by itself.
it.each<[string, () => NodeJS.ProcessEnv]>([
  [
    "the second folder of SSL_CERT_DIR",
    () => {
      for (const name of ["empty", "full"]) mkdirSync(join(folder, name));
      ours("full/company.pem");
      return { SSL_CERT_DIR: `${join(folder, "empty")}:${join(folder, "full")}` };
    },
  ],
  [
    "NODE_EXTRA_CA_CERTS, beside another in SSL_CERT_FILE",
    () => ({ SSL_CERT_FILE: file("c.pem", other.cert), NODE_EXTRA_CA_CERTS: ours("d.pem") }),
  ],
  ["a file with damage in it", () => ({ SSL_CERT_FILE: ours("e.pem", `# Ours\n${DAMAGED}`) })],
])("trusts an authority in %s, which is read at the first request", async (_where, environment) => {
  const api = await serveTls(rotated("whsec_trusted"), company);
  const { rotate } = connect(api.url);
  Object.assign(process.env, environment());
  expect(await Promise.all([rotate(), rotate()])).toEqual(["whsec_trusted", "whsec_trusted"]);
  const kept = api.connections();
  await rotate();
  expect(api.connections()).toBe(kept);
});

it("trusts one that is not the end of its own chain", async () => {
  const middle = certify(["DNS:middle.example"], other);
  const api = await serveTls(rotated("whsec_chain"), certify(["IP:127.0.0.1"], middle));
  trust(middle);
  expect(await connect(api.url).rotate()).toBe("whsec_chain");
});

it("reaches an https proxy, and the API behind it, by such an authority", async () => {
  const api = await serveTls(rotated("whsec_tunnelled"), company);
  const proxy = await startTlsProxy(portOf(api), company);
  Object.assign(process.env, { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: ours("f.pem") });
  expect(await connect(REGION_URL).rotate()).toBe("whsec_tunnelled");
});

const WAY_OUT =
  "name a file with the certificate of its authority in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS";

describe("sends nothing, and does not try again,", () => {
  /** Trusts only `other`, and gives the kind and the message of the failure. */
  const failure = async (url: string) => {
    trust(other);
    const error = await failureOf(connect(url).rotate());
    expect(error).toMatchObject({ ambiguous: false, attempts: 1 });
    return [error.kind, error.message];
  };

  it("if no authority vouches for the certificate, and says which it asked", async () => {
    const api = await serveTls(rotated(), company);
    const [kind, message] = await failure(api.url);
    expect(kind).toBe("tls");
    expect(message).toMatch(/self-signed certificate: /);
    expect(message).toContain(`${WAY_OUT} (read: ${process.env["SSL_CERT_FILE"] ?? ""})`);
    expect(api.seen).toHaveLength(0);
  });

  it("if nobody vouches for a proxy", async () => {
    process.env["HTTPS_PROXY"] = (await startTlsProxy(9, company)).url;
    expect(await failure(REGION_URL)).toEqual(["proxy", expect.stringContaining(WAY_OUT)]);
  });

  it.each([false, true])("if the certificate is another host's, behind a proxy: %p", async (is) => {
    const api = await serveTls(rotated(), other);
    if (is) process.env["HTTPS_PROXY"] = (await startProxy(portOf(api))).url;
    const altnames: unknown = expect.stringContaining("altnames");
    expect(await failure(is ? REGION_URL : api.url)).toEqual(["tls", altnames]);
    expect(api.seen).toHaveLength(0);
  });

  it("if the server speaks plain http", async () => {
    const api = await serve(rotated());
    expect(await failure(api.url.replace("http:", "https:"))).toContain("tls");
    expect(api.seen).toHaveLength(0);
  });
});

it("reads what Go reads on Linux if nothing is named, and says so", async () => {
  const api = await serveTls(rotated(), company);
  const error = await failureOf(connect(api.url).rotate());
  const files = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"];
  const folders = ["/etc/ssl/certs", "/etc/pki/tls/certs"];
  const read = [...files.filter(existsSync).slice(0, 1), ...folders.filter(existsSync)];
  expect(error.message).toContain(`${WAY_OUT} (read: ${["Node's own", ...read].join(", ")})`);
});

it("does not carry the key to where a redirect points, and names that host only", async () => {
  const elsewhere = await serve(rotated());
  const location = `${elsewhere.url}/private/path?token=hunter2`;
  const { rotate } = await connected(json(307, "", { location }));
  const error = await failureOf(rotate());
  expect(error.message).toContain(new URL(elsewhere.url).host);
  expect(error.message).not.toMatch(/private|hunter2/);
  expect(elsewhere.seen).toHaveLength(0);
});
