import { ConfigError } from "../../../src/polyai/errors.js";
import { closeAll, connect, connected, json, rotated, type Handler } from "./server.js";

let axiosLoaded = false;
jest.mock("axios", () => {
  axiosLoaded = true;
  return jest.requireActual<object>("axios");
});

afterEach(closeAll);

it("loads axios with the first request, not before", async () => {
  const { rotate } = await connected(rotated());
  expect(axiosLoaded).toBe(false);
  await rotate();
  expect(axiosLoaded).toBe(true);
});

it.each(["", " hunter2", ...["\n", "\r\nx-other: 1", "\u0000", "é"].map((end) => `hunter2${end}`)])(
  "refuses the key %j, saying where it came from and not what it is",
  (apiKey) => {
    const make = () => connect("http://127.0.0.1:9", { apiKey, apiKeySource: "POLYAI_API_KEY" });
    expect(make).toThrow(ConfigError);
    expect(make).toThrow("The API key from POLYAI_API_KEY must be one line");
    expect(make).not.toThrow(/hunter2/);
  },
);

it("works again after it was closed", async () => {
  const { api, client, rotate } = await connected(rotated());
  await rotate();
  client.close();
  await rotate();
  expect(api.connections()).toBe(2);
});

it("makes a new connection where the API closed the kept one meanwhile", async () => {
  const { api, rotate } = await connected(rotated());
  await rotate();
  api.seen[0]?.socket.destroy();
  await rotate();
  expect(api.connections()).toBe(2);
});

it("does not fail for a kept connection that the API has closed, with no retries either", async () => {
  const { api, client } = await connected(json(200, { data: [] }), { maxRetries: 0 });
  await client.alertRules.list();
  api.seen[0]?.socket.destroy();
  await client.alertRules.list();
});

it("gives 200 calls at once each its own answer, with faults among them", async () => {
  const spotty: Handler = (response, index, seen) => {
    const answer = index % 10 === 0 ? json(503, {}) : rotated(`whsec_${String(index)}`);
    setImmediate(() => answer(response, index, seen));
  };
  const { rotate } = await connected(spotty, { maxRetries: 20 });
  const secrets = await Promise.all(Array.from({ length: 200 }, () => rotate()));
  expect(new Set(secrets).size).toBe(200);
});

it("lets any number of calls wait for one stop, with no warning of Node's", () => {
  const limit = jest.spyOn(
    jest.requireActual<typeof import("node:events")>("node:events"),
    "setMaxListeners",
  );
  const { signal } = new AbortController();
  connect("http://127.0.0.1:9", { signal });
  expect(limit.mock.calls).toEqual([[0, signal]]);
});
