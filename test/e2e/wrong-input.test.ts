import { describeForEachCli, words } from "../support/cli.js";
import { SecretWorkspace } from "../support/secret-workspace.js";
import { simulatorForAll } from "../support/simulator.js";

const VARIABLE = 'variable "id" {\n  type    = string\n  default = null\n}\n';

/** Null, and known to be so only during the apply that makes the resource of this name. */
const lateNull = (name: string): string => `terraform_data.${name}.id == "" ? "whe_1" : null`;
const late = (name: string): string => `resource "terraform_data" "${name}" {}\n`;

const secret = (endpoint: string, more = "", name = "this"): string => `
resource "polyai_webhook_secret" "${name}" {
  endpoint_id = ${endpoint}
  on_destroy  = "invalidate"
  ${more}
}
`;

describeForEachCli((cli) => {
  const simulator = simulatorForAll();
  let story: SecretWorkspace;
  beforeAll(async () => {
    story = await SecretWorkspace.begin(cli, simulator());
    story.write({ "main.tf": secret(`"${story.endpoint}"`) });
    await story.applies();
    expect(story.storedSecret()).toBe(story.currentSecret());
  });

  const live = () => [story.storedSecret(), story.currentSecret()];

  it("apply refuses the null of a variable at plan, and the object stays", async () => {
    const before = live();
    story.write({ "main.tf": VARIABLE + secret("var.id") });
    expect((await story.validate()).code).toBe(0);
    const result = await story.apply();
    expect(result.code).toBe(1);
    expect(words(result)).toContain("Error: Missing endpoint_id with polyai_webhook_secret.this");
    expect(live()).toEqual(before);
  });

  it("a null that is known only during apply is refused before anything is sent", async () => {
    const rotations = simulator().requests.filter(({ method }) => method === "POST").length;
    const own = secret(`"${story.endpoint}"`);
    story.write({ "main.tf": late("first") + own + secret(lateNull("first"), "", "twin") });
    const result = await story.apply();
    expect(result.code).toBe(1);
    expect(words(result)).toContain("Error: Missing endpoint_id with polyai_webhook_secret.twin");
    expect(simulator().requests.filter(({ method }) => method === "POST")).toHaveLength(rotations);
  });

  it("a null trigger that is known only during apply is absent", async () => {
    const before = live();
    const triggers = (name: string) =>
      late(name) + secret(`"${story.endpoint}"`, `rotation_triggers = { a = ${lateNull(name)} }`);
    story.write({ "main.tf": triggers("third") });
    await story.applies();
    expect(live()).toEqual(before);
    expect((await story.plan()).code).toBe(0);
    story.write({ "main.tf": triggers("fourth") });
    await story.applies();
    expect(live()).toEqual(before);
  });

  it("a null that is known only during apply does not destroy if the new object comes first", async () => {
    const before = live();
    const lifecycle = "lifecycle {\n    create_before_destroy = true\n  }";
    story.write({
      "main.tf": late("fourth") + late("second") + secret(lateNull("second"), lifecycle),
    });
    const result = await story.apply();
    expect(result.code).toBe(1);
    expect(words(result)).toContain("Error: Missing endpoint_id with polyai_webhook_secret.this");
    expect(live()).toEqual(before);
  });
});
