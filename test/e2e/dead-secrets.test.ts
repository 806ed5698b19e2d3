import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { describeForEachCli, words } from "../support/cli.js";
import { SecretWorkspace } from "../support/secret-workspace.js";

/** Rounds of the renames: RENAMES=200 takes some minutes for each CLI. */
const RENAMES = Number(process.env.RENAMES ?? 6);
/** Milliseconds until the first and the second rotation of an apply act. */
const DELAYS = [
  [300, 0],
  [0, 300],
  [150, 140],
  [0, 0],
  [40, 210],
] as const;

/** Histories that once ended in a dead secret, or in a state that had lost a living one. */
describeForEachCli((cli) => {
  let simulator: Simulator;
  let other: Simulator;
  let front: Server;
  beforeAll(async () => {
    [simulator, other] = await Promise.all([
      startSimulator(),
      startSimulator({ apiKey: "the-key-of-another-account" }),
    ]);
    front = createServer((incoming, outgoing) => {
      const { method = "GET", url = "/", headers } = incoming;
      const account = headers["x-api-key"] === other.apiKey ? other : simulator;
      incoming.pipe(
        request(new URL(url, account.url), { method, headers }, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        }),
      );
    });
    await new Promise<void>((listening) => front.listen(0, "127.0.0.1", listening));
  });
  afterEach(() => simulator.clearFaults());
  afterAll(async () => {
    front.closeAllConnections();
    front.close();
    await Promise.all([simulator.close(), other.close()]);
  });

  it("a resource is renamed without moved, however late each of its rotations acts", async () => {
    const story = await SecretWorkspace.begin(cli, simulator);
    for (let round = 0; round <= RENAMES; round++) {
      story.write({
        "main.tf": `resource "polyai_webhook_secret" "name_${String(round)}" {
  endpoint_id = "${story.endpoint}"
  on_destroy  = "invalidate"
}`,
      });
      const operation = "rotateWebhookSigningSecret";
      for (const delayMs of DELAYS[round % DELAYS.length] ?? []) {
        simulator.setFault({ kind: "slow", delayMs, operation, times: 1 });
      }
      if (round % 3 === 1) {
        simulator.setFault({ kind: "status", status: 429, retryAfter: 1, operation, times: 1 });
      }
      await story.applies();
      expect([round, story.storedSecret()]).toEqual([round, story.currentSecret()]);
      simulator.clearFaults();
    }
    expect((await story.plan()).code).toBe(0);
  });

  it.each([
    ["another account's key", () => ({ POLYAI_API_KEY: other.apiKey })],
    ["a base URL with a path too much", () => ({ POLYAI_BASE_URL: `${urlOf(front)}/v1` })],
  ])("no command with %s changes the state", async (_, wrong) => {
    const story = await SecretWorkspace.begin(cli, simulator, 'on_destroy = "invalidate"', {
      env: { POLYAI_BASE_URL: urlOf(front) },
    });
    await story.applies();
    const before = story.read("terraform.tfstate");
    for (const command of [
      ["apply", "-auto-approve"],
      ["apply", "-refresh-only", "-auto-approve"],
      ["destroy", "-auto-approve"],
      ["destroy", "-auto-approve", "-refresh=false"],
    ]) {
      const result = await story.run(command, { env: wrong() });
      expect(result.code).toBe(1);
      expect(words(result)).toMatch(/The state is kept as it is|does not come from PolyAI/);
      expect(attributesIn(story.read("terraform.tfstate"))).toEqual(attributesIn(before));
    }
    // The failed destroy has taken the output out of the state.
    expect((await story.applies()).stdout).toContain("0 added, 0 changed, 0 destroyed");
    expect(story.storedSecret()).toBe(story.currentSecret());
    await story.destroy();
    expect(story.rotations()).toBe(2);
  });
});

const urlOf = (server: Server): string =>
  `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;

const attributesIn = (state: string): unknown =>
  (
    JSON.parse(state) as { resources: { instances: { attributes: unknown }[] }[] }
  ).resources.flatMap(({ instances }) => instances.map(({ attributes }) => attributes));
