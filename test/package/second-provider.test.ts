/** A stack with a second provider, deployed by the CDK's own CLI on its first try, with no registry. */
import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import { describeForEachCli } from "../support/cli.js";
import { placeNull } from "../support/test-provider.js";
import { CDKS, CDKTF_CLI, deploy, install, moduleProject, pack } from "./consumer.js";

const PROGRAM = `
import { NullProvider } from "@cdktf/provider-null/lib/provider/index.js";
import { Resource } from "@cdktf/provider-null/lib/resource/index.js";
import { App, TerraformStack } from "cdktf";
import { PolyWebhookSecret } from "terraform-provider-polyai";
const app = new App();
const stack = new TerraformStack(app, "alerts");
const secret = new PolyWebhookSecret(stack, "AlertsSecret", {
  endpointId: process.env.ENDPOINT_ID,
});
new NullProvider(stack, "null");
new Resource(stack, "Receiver", { triggers: { secret: secret.fingerprint } });
app.synth();
`;

let simulator: Simulator;
let project: string;

beforeAll(async () => {
  simulator = await startSimulator();
  const { file } = await pack();
  project = await install(
    ...[file, `cdktf@${CDKS.cdktf.version}`, "constructs@10.7.2", "@cdktf/provider-null@11.0.1"],
  );
});
afterAll(() => simulator.close());

describeForEachCli((cli) => {
  it("is deployed, and again, and has no changes then", async () => {
    const { id } = await simulator.createEndpoint();
    const { printed, secret, run } = await deploy(
      ...([moduleProject(PROGRAM, project), CDKTF_CLI, cli, simulator, id] as const),
      ({ home }) => placeNull(home),
    );
    expect(secret).toBe(simulator.currentSecret(id));
    expect(printed).toMatch(/2 added, 0 changed, 0 destroyed/);
    expect(printed).not.toMatch(/skip-provider-lock/);
    expect(await run("deploy alerts --auto-approve")).toMatch(/No changes/);
    expect(await run("diff alerts")).toMatch(/No changes/);
    expect(simulator.rotations(id)).toBe(1);
  });
});
