import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { ConfigError } from "../../../src/polyai/errors.js";
import { closeAll, closeLater, connect, json, rotated, serve } from "./server.js";

let axiosLoaded = false;
jest.mock("axios", () => {
  axiosLoaded = true;
  return jest.requireActual<object>("axios");
});

afterEach(closeAll);

it("loads axios with the first request, not before", async () => {
  const api = await serve(rotated());
  const { rotate } = connect(api.url);
  expect(axiosLoaded).toBe(false);
  await rotate();
  expect(axiosLoaded).toBe(true);
});

it.each([
  "",
  "hunter2\n",
  "hunter2\r\nx-other: 1",
  " hunter2",
  "hunter2\t",
  "hunter2\u00a0",
  "hunter2\u0000",
  "hunter2é",
])("refuses the key %j, saying where it came from and not what it is", (apiKey) => {
  const make = () => connect("http://127.0.0.1:9", { apiKey, apiKeySource: "POLYAI_API_KEY" });
  expect(make).toThrow(ConfigError);
  expect(make).toThrow("The API key from POLYAI_API_KEY must be one line");
  expect(make).not.toThrow(/hunter2/);
});

it("refuses a base URL that would show the key to the network", () => {
  expect(() => connect("http://api.us.poly.ai")).toThrow(ConfigError);
});

it("works again after it was closed", async () => {
  const api = await serve(rotated());
  const { client, rotate } = connect(api.url);
  await rotate();
  client.close();
  await rotate();
  expect(api.connections()).toBe(2);
});

it("makes a new connection where the API closed the kept one meanwhile", async () => {
  const api = await serve(rotated());
  const { rotate } = connect(api.url);
  await rotate();
  api.seen[0]?.socket.destroy();
  await rotate();
  expect(api.connections()).toBe(2);
});

it("gives 200 calls at once each its own answer, with faults among them", async () => {
  const api = await serve((response, index, seen) =>
    index % 10 === 0
      ? json(503, {})(response, index, seen)
      : setTimeout(() => rotated(`whsec_${String(index)}`)(response, index, seen), 20),
  );
  const { rotate } = connect(api.url, { maxRetries: 20 });
  const secrets = await Promise.all(Array.from({ length: 200 }, () => rotate()));
  expect(new Set(secrets).size).toBe(200);
});

it("works bundled into one file, and waits in many calls at once without a warning of Node's", async () => {
  const api = await serve((response, index, seen) =>
    (index < 50 ? json(429, {}) : rotated())(response, index, seen),
  );
  const folder = mkdtempSync(join(tmpdir(), "polyai-bundle-"));
  closeLater({ close: () => rmSync(folder, { recursive: true }) });
  const script = `
    import { PolyaiClient } from ${JSON.stringify(resolve("src/polyai/client.ts"))};
    import { placeOf } from ${JSON.stringify(resolve("src/polyai/regions.ts"))};
    const client = new PolyaiClient({
      apiKey: "k", apiKeySource: "a test", place: placeOf(undefined, { value: process.argv[2], source: "a test" }),
      maxRetries: 5, requestTimeoutMs: 5000, userAgent: "test",
      redactor: { register: () => undefined, clean: (text) => text },
      signal: new AbortController().signal,
    });
    const calls = Array.from({ length: 50 }, () => client.webhookEndpoints.rotateSecret("whe_1"));
    void Promise.all(calls).then((secrets) => console.log(secrets.length));
  `;
  await build({
    stdin: { contents: script, resolveDir: process.cwd(), loader: "ts" },
    outfile: join(folder, "bundle.js"),
    bundle: true,
    platform: "node",
    target: "node20",
    logLevel: "silent",
  });
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [join(folder, "bundle.js"), api.url],
    { env: {} },
  );
  expect({ stdout, stderr }).toEqual({ stdout: "50\n", stderr: "" });
});
