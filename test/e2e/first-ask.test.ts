/** The first thing that asks PolyAI: it needs a key, and finds at plan what is wrong. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { ALICE, seal } from "../support/age.js";
import { describeForEachCli, isAtLeast, words } from "../support/cli.js";
import { accessTo } from "../support/simulator.js";
import { Workspace, type Environment } from "../support/workspace.js";

const secret = (id: string, more = "") => `resource "polyai_webhook_secret" "this" {
  endpoint_id = "${id}"
  ${more}
}
`;
const NO_KEY = { POLYAI_API_KEY: undefined };
const ephemeral = (ciphertext: string) => `ephemeral "polyai_webhook_secret" "this" {
  encrypted_signing_secret = ${JSON.stringify(ciphertext)}
}
`;
const FUNCTION = `output "signature" {
  value = provider::polyai::sign("whsec_1", "1760000000", "")
}
`;
const MOCKED = `mock_provider "polyai" {}
run "mocked" {
  command = apply
}
`;

describeForEachCli((cli) => {
  let simulator: Simulator;
  let workspace: Workspace;
  let id: string;
  beforeAll(async () => {
    simulator = await startSimulator();
    workspace = Workspace.make(cli, {}, accessTo(simulator));
    await workspace.init();
  });
  beforeEach(async () => {
    for (const name of ["terraform.tfstate", "main.tf", "made.tf"]) {
      rmSync(join(workspace.folder, name), { force: true });
    }
    ({ id } = await simulator.createEndpoint());
    simulator.clearRequests();
  });
  // An account has room for few endpoints.
  afterEach(() => simulator.deleteEndpoint(id).catch(() => undefined));
  afterAll(() => simulator.close());

  const itFrom = (terraform: string, tofu: string) =>
    isAtLeast(cli, { terraform, tofu }) ? it : () => undefined;

  it("needs no key for nothing: count = 0", async () => {
    workspace.write({ "main.tf": secret("whe_1", "count = 0") });
    expect((await workspace.plan({ env: NO_KEY })).code).toBe(0);
  });

  itFrom("1.8", "1.7")("needs no key for a function", async () => {
    workspace.write({ "main.tf": FUNCTION });
    expect((await workspace.plan({ env: NO_KEY })).code).toBe(2);
  });

  itFrom("1.10", "1.11")("needs no key for an ephemeral resource", async () => {
    workspace.write({ "main.tf": ephemeral(await seal("whsec_1", ALICE.recipient)) });
    const plan = await workspace.plan({ env: { ...NO_KEY, POLYAI_AGE_IDENTITY: ALICE.identity } });
    expect([plan.code, plan.stderr]).toEqual([0, ""]);
  });

  itFrom("1.7", "1.8")("needs no key for mocks, and asks nothing", async () => {
    workspace.write({ "main.tf": secret(id), "mocked.tftest.hcl": MOCKED });
    const tested = await workspace.run(["test", "-no-color"], { env: NO_KEY });
    expect([tested.code, simulator.requests]).toEqual([0, []]);
  });

  it.each<[string, Environment, number, RegExp]>([
    [
      "no key",
      NO_KEY,
      1,
      /Error: Missing PolyAI API key .*with polyai_webhook_secret\.this, .*POLYAI_API_KEY/,
    ],
    [
      "a region in capitals",
      { POLYAI_REGION: "UK" },
      1,
      /Error: Invalid region .*"UK" is no region.*"uk"/,
    ],
    [
      "another key",
      { POLYAI_API_KEY: "k" },
      1,
      /refused the API key from the environment variable POLYAI_API_KEY, asked at http:.* \(the environment variable POLYAI_BASE_URL\)/,
    ],
    [
      "nobody at the base URL",
      { POLYAI_BASE_URL: "http://127.0.0.1:9" },
      2,
      /Warning: Could not check webhook endpoint whe_\w+ .*127\.0\.0\.1:9/,
    ],
    [
      "all well",
      {},
      2,
      /Warning: The current secret of whe_\w+ stops working .*initial_secret .*terraform import/,
    ],
  ])("plans with %s, and says so once", async (_, env, code, told) => {
    workspace.write({ "main.tf": `provider "polyai" {\n  max_retries = 0\n}\n${secret(id)}` });
    const plan = await workspace.plan({ env });
    expect(words(plan)).toMatch(told);
    expect(words(plan).match(/(?:Error|Warning): /g)).toHaveLength(1);
    expect([plan.code, simulator.rotations(id)]).toEqual([code, 0]);
  });

  it("refuses an id that PolyAI does not know, at plan, and lets a destroy pass", async () => {
    workspace.write({ "main.tf": secret(id) });
    await workspace.apply();
    await simulator.deleteEndpoint(id);
    expect((await workspace.destroy()).code).toBe(0);
    const plan = await workspace.plan();
    expect(plan.code).toBe(1);
    expect(words(plan)).toContain(`Error: Could not read webhook endpoint ${id}`);
  });

  it("plans the secret of an endpoint that is new without a word", async () => {
    const made = `resource "polyai_webhook_endpoint" "new" {
      name        = "New"
      url         = "https://example.com/hook"
      event_types = ["alerts.triggered"]
    }
    ${secret("x").replace('"x"', "polyai_webhook_endpoint.new.id")}`;
    workspace.write({ "main.tf": made });
    const applied = await workspace.apply();
    expect([applied.code, words(applied)]).toEqual([0, expect.not.stringContaining("Warning")]);
    expect((await workspace.destroy()).code).toBe(0);
  });

  it("keeps a known secret by the steps that the warnings name", async () => {
    const ADDRESS = "polyai_webhook_secret.this";
    const known = simulator.currentSecret(id);
    workspace.write({ "main.tf": secret(id) });
    await workspace.run(["import", ADDRESS, id]);
    const told = words(await workspace.plan());
    expect(told).toContain(
      `"terraform state rm ADDRESS" and then "terraform import ADDRESS ${id}"`,
    );
    await workspace.run(["state", "rm", ADDRESS]);
    await workspace.run(["import", ADDRESS, id], { env: { POLYAI_SIGNING_SECRET: known } });
    expect((await workspace.apply()).code).toBe(0);
    expect(await workspace.attributes(ADDRESS)).toMatchObject({ signing_secret: known });
    expect([simulator.rotations(id), (await workspace.plan()).code]).toEqual([0, 0]);
  });

  it("warns before a generated configuration removes an imported endpoint's headers", async () => {
    const { id: imported } = await simulator.createEndpoint({ headers: { Authorization: "x" } });
    const block = `import {
      to = polyai_webhook_endpoint.this
      id = "${imported}"
    }\n`;
    workspace.write({ "main.tf": block });
    await workspace.plan({ args: ["-generate-config-out=made.tf"] });
    expect(workspace.read("made.tf")).toMatch(/headers += null # sensitive/);
    const plan = words(await workspace.plan());
    expect(plan).toContain("Warning: Applying removes the headers of an imported endpoint");
  });
});
