/** The first thing that asks PolyAI: it needs a key, and finds at plan what is wrong. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { ALICE, seal } from "../support/age.js";
import { describeForEachCli, isAtLeast, words } from "../support/cli.js";
import { accessTo, simulatorForAll } from "../support/simulator.js";
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
  const simulator = simulatorForAll();
  let workspace: Workspace;
  let id: string;
  beforeAll(async () => {
    workspace = Workspace.make(cli, {}, accessTo(simulator()));
    await workspace.init();
  });
  beforeEach(async () => {
    for (const name of ["terraform.tfstate", "main.tf", "made.tf"]) {
      rmSync(join(workspace.folder, name), { force: true });
    }
    ({ id } = await simulator().createEndpoint());
    simulator().clearRequests();
  });
  // An account has room for few endpoints.
  afterEach(() => simulator().deleteEndpoint(id));

  it("needs no key for nothing: count = 0", async () => {
    workspace.write({ "main.tf": secret("whe_1", "count = 0") });
    expect((await workspace.plan({ env: NO_KEY })).code).toBe(0);
  });

  if (isAtLeast(cli, { terraform: "1.10", tofu: "1.11" })) {
    it("needs no key for a function, an ephemeral resource and mocks, and asks nothing", async () => {
      const ciphertext = ephemeral(await seal("whsec_1", ALICE.recipient));
      const env = { ...NO_KEY, POLYAI_AGE_IDENTITY: ALICE.identity };
      workspace.write({ "main.tf": FUNCTION + ciphertext });
      const plan = await workspace.plan({ env });
      expect([plan.code, plan.stderr]).toEqual([2, ""]);
      workspace.write({ "main.tf": secret(id), "mocked.tftest.hcl": MOCKED });
      const tested = await workspace.run(["test", "-no-color"], { env });
      expect([tested.code, simulator().requests]).toEqual([0, []]);
    });
  }

  it.each<[string, Environment, number, RegExp]>([
    [
      "no key",
      NO_KEY,
      1,
      /Error: Missing PolyAI API key .*with polyai_webhook_secret\.this, .*POLYAI_API_KEY/,
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
  ])("plans with %s, and says so once", async (_, env, code, told) => {
    workspace.write({ "main.tf": `provider "polyai" {\n  max_retries = 0\n}\n${secret(id)}` });
    const plan = await workspace.plan({ env });
    expect(words(plan)).toMatch(told);
    expect(words(plan).match(/(?:Error|Warning): /g)).toHaveLength(1);
    expect([plan.code, simulator().rotations(id)]).toEqual([code, 0]);
  });

  it("keeps a known secret by the steps that the warnings name", async () => {
    const ADDRESS = "polyai_webhook_secret.this";
    const known = simulator().currentSecret(id);
    workspace.write({ "main.tf": secret(id) });
    await workspace.run(["import", ADDRESS, id]);
    const told = words(await workspace.plan());
    expect(told).toContain(
      `"terraform state rm ADDRESS" and then "terraform import ADDRESS ${id}"`,
    );
    await workspace.run(["state", "rm", ADDRESS]);
    await workspace.run(["import", ADDRESS, id], { env: { POLYAI_SIGNING_SECRET: known } });
    expect((await workspace.apply()).code).toBe(0);
    expect(workspace.attributes(ADDRESS)).toMatchObject({ signing_secret: known });
    expect([simulator().rotations(id), (await workspace.plan()).code]).toEqual([0, 0]);
  });

  it("warns before a generated configuration removes an imported endpoint's headers", async () => {
    const { id: imported } = await simulator().createEndpoint({ headers: { Authorization: "x" } });
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
