import { ConfigError } from "../../../src/polyai/errors.js";
import { closeAll, connect, ENDPOINT_ID, inTurn, json, rotated, serve } from "./server.js";

let axiosLoaded = false;
jest.mock("axios", () => {
  axiosLoaded = true;
  return jest.requireActual<object>("axios");
});

afterEach(closeAll);

it("loads axios with the first request, not before", async () => {
  const api = await serve(rotated());
  const { client } = connect(api.url);
  expect(axiosLoaded).toBe(false);
  await client.webhookEndpoints.rotateSecret(ENDPOINT_ID);
  expect(axiosLoaded).toBe(true);
});

it.each([
  ["", "is empty"],
  ["hunter2\n", "contains a line break"],
  ["hunter2\r\nx-other: 1", "contains a line break"],
  [" hunter2", "contains a space"],
  ["hunter2\t", "contains a space"],
  ["hunter2\u00a0", "contains a space"],
  ["hunter2\u0000", "contains a character that no HTTP header can carry"],
  ["hunter2é", "contains a character that no HTTP header can carry"],
  ["hunter2🔑", "contains a character that no HTTP header can carry"],
])("refuses the key %j, saying where it came from and not what it is", (apiKey, problem) => {
  const make = () => connect("http://127.0.0.1:9", { apiKey, apiKeySource: "POLYAI_API_KEY" });
  expect(make).toThrow(ConfigError);
  expect(make).toThrow(`The API key from POLYAI_API_KEY ${problem}.`);
  expect(make).not.toThrow(/hunter2/);
});

it("refuses a base URL that would show the key to the network", () => {
  expect(() => connect("http://api.us.poly.ai")).toThrow(ConfigError);
});

it("works again after it was closed", async () => {
  const api = await serve(rotated());
  const { client } = connect(api.url);
  await client.webhookEndpoints.rotateSecret(ENDPOINT_ID);
  client.close();
  await client.webhookEndpoints.rotateSecret(ENDPOINT_ID);
  expect(api.connections()).toBe(2);
});

it("makes a new connection where the API closed the kept one meanwhile", async () => {
  const api = await serve(rotated());
  const { client } = connect(api.url);
  await client.webhookEndpoints.rotateSecret(ENDPOINT_ID);
  api.seen[0]?.socket.destroy();
  await client.webhookEndpoints.rotateSecret(ENDPOINT_ID);
  expect(api.connections()).toBe(2);
});

it("makes 200 calls at once, with faults among them, without a warning", async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on("warning", note);
  try {
    const api = await serve((response, index, seen) =>
      index % 10 === 0
        ? inTurn(json(503, {}))(response, index, seen)
        : setTimeout(() => rotated(`whsec_${String(index)}`)(response, index, seen), 20),
    );
    const { client } = connect(
      api.url,
      { maxRetries: 20, signal: new AbortController().signal },
      { sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms / 100)) },
    );
    const secrets = await Promise.all(
      Array.from({ length: 200 }, () => client.webhookEndpoints.rotateSecret(ENDPOINT_ID)),
    );
    expect(new Set(secrets.map(({ signingSecret }) => signingSecret)).size).toBe(200);
    await new Promise((resolve) => setImmediate(resolve));
    expect(warnings).toEqual([]);
  } finally {
    process.off("warning", note);
  }
});
