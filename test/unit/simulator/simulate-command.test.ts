import { simulate } from "../../../src/cli/simulate.js";
import { DEMO_API_KEY } from "../../../src/simulator/index.js";

afterEach(() => jest.restoreAllMocks());

/** Runs the command: its output so far, its exit code, and the URL that it prints, if any. */
async function run(...args: string[]) {
  const text = { out: "", errors: "" };
  const ready = new Promise<void>((printed) =>
    jest.spyOn(process.stdout, "write").mockImplementation((some) => {
      text.out += String(some);
      printed();
      return true;
    }),
  );
  jest.spyOn(process.stderr, "write").mockImplementation((some) => {
    text.errors += String(some);
    return true;
  });
  const code = simulate(args);
  await Promise.race([ready, code]);
  return { text, code, url: /http:\/\/127\.0\.0\.1:\d+/.exec(text.out)?.[0] ?? "" };
}

it.each(["SIGINT", "SIGTERM"] as const)(
  "prints its URL and the demo key, serves, and ends with code 0 on %s",
  async (signal) => {
    const { text, code, url } = await run();
    expect(text.out).toContain(`export POLYAI_BASE_URL=${url}\n`);
    expect(text.out).toContain(`export POLYAI_API_KEY=${DEMO_API_KEY}\n`);
    const headers = { "x-api-key": DEMO_API_KEY };
    const answer = await fetch(`${url}/v1/webhook-endpoints`, { headers });
    const { data } = (await answer.json()) as { data: { id: string; name: string }[] };
    expect(data).toMatchObject([{ name: "Alerts" }]);
    // As HCL and in a construct.
    expect(text.out).toContain(`endpoint_id      = "${data[0]!.id}"`);
    expect(text.out).toContain(`{ endpointId: "${data[0]!.id}", rotationTrigger: "1" }`);
    process.emit(signal);
    expect(await code).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  },
);

it("takes the port that is named, and says if it is taken", async () => {
  const first = await run();
  const second = await run("--port", new URL(first.url).port);
  expect(await second.code).toBe(1);
  expect(second.text.errors).toMatch(/listen EADDRINUSE[^\n]*\n$/);
  process.emit("SIGINT");
  await first.code;
});

it.each<[number, string, ...string[]]>([
  [2, "Usage:", "--nonsense"],
  [2, "Usage:", "positional"],
  [2, "Usage:", "--port", "65536"],
  [2, "Usage:", "--latency", "1s"],
  [2, "Usage:", "--deliver-to", "ftp://127.0.0.1"],
  [1, "127.0.0.1", "--deliver-to", "https://example.com/hook"],
])("is refused with code %i and %s: %s %s", async (expected, words, ...args) => {
  const { code, text } = await run(...args);
  expect(await code).toBe(expected);
  expect(text).toEqual({ out: "", errors: expect.stringContaining(words) as string });
});

it("--deliver-to takes FROM=URL and URL, and FROM may hold equals signs", async () => {
  const from = "https://example.com/hook?a=b";
  const routes = [`${from}=http://127.0.0.1:9/one`, "http://127.0.0.1:9/all"];
  const { url, code } = await run(...routes.flatMap((route) => ["--deliver-to", route]));
  const control = async (method: string, ...args: unknown[]) => {
    const body = JSON.stringify(args);
    const answer = await fetch(`${url}/_simulator/${method}`, { method: "POST", body });
    return ((await answer.json()) as { result: { id: string; attempts: object[] } }).result;
  };
  for (const endpointUrl of [from, "https://example.com/other"]) {
    const { id } = await control("createEndpoint", { url: endpointUrl });
    const { attempts } = await control("deliver", id, { type: "alerts.triggered" });
    expect(attempts).toMatchObject([{ error: "network" }]);
  }
  process.emit("SIGINT");
  expect(await code).toBe(0);
});
