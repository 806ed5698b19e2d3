import { certificateFor, trust, withPlainEnvironment, type Certificate } from "./certificates.js";
import { closeAll, connect, failureOf, json, rotated, serve, serveTls } from "./server.js";

withPlainEnvironment();
afterEach(closeAll);

let certificate: Certificate;
beforeAll(() => {
  certificate = certificateFor("DNS:api.us.poly.ai", "DNS:localhost", "IP:127.0.0.1");
});

it("talks TLS to a server whose certificate it trusts, on one connection", async () => {
  const api = await serveTls(rotated("whsec_tls"), certificate);
  trust(certificate);
  const { rotate } = connect(api.url);
  for (let i = 0; i < 3; i++) {
    expect(await rotate()).toBe("whsec_tls");
  }
  expect(api.connections()).toBe(1);
});

describe("sends nothing, and does not try again,", () => {
  it.each([
    ["where the certificate is not trusted", "self-signed", undefined],
    ["where the certificate is another host's", "altnames", "DNS:elsewhere.example"],
  ])("%s", async (_when, reason, host) => {
    const shown = host === undefined ? certificate : certificateFor(host);
    const api = await serveTls(rotated(), shown);
    if (host !== undefined) trust(shown);
    const { rotate } = connect(api.url);
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind: "tls", ambiguous: false, attempts: 1 });
    expect(error.message).toContain(reason);
    expect(api.seen).toHaveLength(0);
  });

  it("where the server speaks plain http", async () => {
    const api = await serve(rotated());
    const { rotate } = connect(api.url.replace("http:", "https:"));
    const error = await failureOf(rotate());
    expect(error).toMatchObject({ kind: "tls", ambiguous: false, attempts: 1 });
    expect(api.seen).toHaveLength(0);
  });
});

it("does not carry the key to where a redirect points, and names that host only", async () => {
  const elsewhere = await serve(rotated());
  const location = `${elsewhere.url}/private/path?token=hunter2`;
  const api = await serve(json(307, "", { location }));
  const error = await failureOf(connect(api.url).rotate());
  expect(error).toMatchObject({ kind: "redirect", status: 307, attempts: 1, ambiguous: true });
  expect(error.message).toContain(new URL(elsewhere.url).host);
  expect(error.message).not.toMatch(/private|hunter2/);
  expect(elsewhere.seen).toHaveLength(0);
});
