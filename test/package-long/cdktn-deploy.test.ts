/** `cdktn deploy`, as CDK Terrain's own CLI does it: 400 MB of packages, on Node 22. */
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { CDKS, deploy, install, installFor, javascript, pack } from "../package/consumer.js";
import { describeForEachCli } from "../support/cli.js";

/** Older ones are refused by the CLI. */
const NODE = "node@22.23.3";

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
  it("deploys a program that uses the installed package", async () => {
    const { id } = await simulator.createEndpoint();
    const node = join(tools, ".bin/node");
    expect(execFileSync(node, ["--version"], { encoding: "utf8" })).toMatch(/^v22\./);
    const { printed, secret } = await deploy(
      javascript("cdktn", "mjs"),
      project,
      [node, join(tools, "cdktn-cli/bundle/bin/cdktn.js")],
      cli,
      simulator,
      id,
    );
    expect(simulator.rotations(id)).toBe(1);
    expect(secret).toBe(simulator.currentSecret(id));
    expect(printed).not.toContain(secret);
  });
});
