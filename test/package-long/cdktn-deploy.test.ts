/** `cdktn deploy`, as CDK Terrain's own CLI does it: 400 MB of packages, on Node 22. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { CDKS, deploy, install, installFor, javascript, pack } from "../package/consumer.js";
import { describeForEachCli } from "../support/cli.js";
import { placeNull } from "../support/test-provider.js";

/** Older ones are refused by the CLI. */
const NODE = "node@22.23.3";

const PROGRAM = `import { TerraformProvider, TerraformResource } from "cdktn";
${javascript("cdktn", "mjs").replace(
  "app.synth();",
  `new TerraformProvider(stack, "null", {
  terraformResourceType: "null",
  terraformProviderSource: "null",
  terraformGeneratorMetadata: { providerName: "null", providerVersion: "3.2.4" },
});
new TerraformResource(stack, "Receiver", { terraformResourceType: "null_resource" });
app.synth();`,
)}`;

let simulator: Simulator;
let project: string;
let tools: string;

beforeAll(async () => {
  simulator = await startSimulator();
  project = await installFor("cdktn", await pack());
  tools = join(await install(NODE, `cdktn-cli@${CDKS.cdktn.version}`), "node_modules");
}, 600_000);
afterAll(() => simulator.close());

describeForEachCli((cli) => {
  it("deploys a program that uses the installed package and a second provider", async () => {
    const { id } = await simulator.createEndpoint();
    const node = join(tools, ".bin/node");
    expect(execFileSync(node, ["--version"], { encoding: "utf8" })).toMatch(/^v22\./);
    const { printed, secret, run } = await deploy(
      PROGRAM,
      project,
      [node, join(tools, "cdktn-cli/bundle/bin/cdktn.js")],
      cli,
      simulator,
      id,
      ({ home }) => placeNull(home),
    );
    expect(simulator.rotations(id)).toBe(1);
    expect(secret).toBe(simulator.currentSecret(id));
    expect(printed).not.toContain(secret);
    expect(await run("diff alerts")).toMatch(/No changes/);
  });
});
