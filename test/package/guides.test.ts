/** The guides' commands and configurations, run in their order as a newcomer would, as they stand. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { thisPlatform } from "../../src/placement/package.js";
import { type Cli, clis, example, ROOT } from "../support/cli.js";
import { Machine } from "../support/machine.js";
import { blocksOf } from "../support/markdown.js";
import { accessTo, simulatorForAll } from "../support/simulator.js";
import type { Environment } from "../support/workspace.js";

// One guide with each product, where both are here.
const terraform = clis()[0]!;
const tofu = clis().at(-1)!;

const simulator = simulatorForAll();

/** The machine of a newcomer, with the simulator()'s key where the guides have an ellipsis. */
const newcomer = (cli: Cli): Machine =>
  // A person would type yes.
  Machine.with(cli, { ...accessTo(simulator()), TF_CLI_ARGS_apply: "-auto-approve" });

const run = async (machine: Machine, script: string, env: Environment = {}): Promise<string> =>
  (await machine.shell(script.replace(/^export POLYAI_API_KEY=…$/m, ""), env)).stdout;

it("getting-started-hcl.md goes from an empty folder to the secret, and with no account too", async () => {
  const { id } = await simulator().createEndpoint();
  const machine = newcomer(terraform);
  let configuration = "";
  let printed = "";
  const commands = [];
  for (const { heading, language, text } of blocksOf("docs/guides/getting-started-hcl.md")) {
    if (language === "terraform") {
      configuration += `${text.replaceAll("whe_9ZtRcXw3nByK5pVqMaEfJs", id)}\n`;
      machine.write("main.tf", configuration);
    } else if (heading === "Without an account") {
      // The one that goes on running; it has tests of its own.
      expect(text).toBe("npx terraform-provider-polyai simulate\n");
    } else {
      commands.push(...text.trim().split("\n"));
      printed = await run(machine, text);
    }
  }
  expect(commands).toContain("npx terraform-provider-polyai install");
  expect(printed.endsWith(simulator().currentSecret(id))).toBe(true);
  expect(simulator().rotations(id)).toBe(1);

  await run(machine, "terraform apply");
  expect(simulator().rotations(id)).toBe(1);
  const state = await run(machine, "terraform show -json");
  expect(state).toMatch(/"address":"polyai_webhook_secret\.made"/);
});

it("modules.md rotates each endpoint once, by module, key, account and workspace", async () => {
  const ids = await Promise.all(
    ["pager", "billing", "uk", "staging"].map(async (name) => {
      const { id } = await simulator().createEndpoint({ name });
      return id;
    }),
  );
  const [pager, billing, uk, staging] = ids;
  const textOf = (heading: string, at = 0) =>
    blocksOf("docs/guides/modules.md").filter((block) => block.heading === heading)[at]!.text;
  const rotations = () => ids.map((id) => simulator().rotations(id));
  const machine = newcomer(terraform);
  const apply = (program: string, endpoints = {}) => {
    machine.write("main.tf", program);
    const TF_VAR_endpoints = JSON.stringify(endpoints);
    const env = { TF_VAR_endpoints, TF_VAR_uk_api_key: simulator().apiKey };
    return run(machine, textOf("for_each", 1), env);
  };
  await run(machine, "npx terraform-provider-polyai install; mkdir webhook");
  machine.write("webhook/main.tf", textOf("A module"));

  let program = textOf("for_each");
  await apply(program, { pager, billing });
  expect(rotations()).toEqual([1, 1, 0, 0]);
  program += textOf("for_each", 2);
  await apply(program, { "on-call": pager, billing });
  expect(rotations()).toEqual([1, 1, 0, 0]);

  program += textOf("Aliases").replace(/whe_\w+/, uk!);
  await apply(program, { "on-call": pager, billing });
  expect(rotations()).toEqual([1, 1, 1, 0]);

  const stages = textOf("Workspaces")
    .replace(/whe_\w+(?="\n *staging)/, pager!)
    .replace(/(?<=staging = ")whe_\w+/, staging!);
  const [required] = /^terraform \{.*?^\}\n/ms.exec(program)!;
  await run(machine, "terraform workspace new staging");
  await apply(required + stages);
  expect(rotations()).toEqual([1, 1, 1, 1]);
  await run(machine, "terraform workspace new other");
  await expect(apply(required + stages)).rejects.toThrow("Invalid index");
  expect(rotations()).toEqual([1, 1, 1, 1]);
});

it("air-gapped.md takes the provider from its folder, on a machine that can ask no registry", async () => {
  const blocks = blocksOf("docs/guides/air-gapped.md").filter(
    ({ language }) => language !== "text",
  );
  const [make, configuration, use, lock, ...more] = blocks.map(({ text }) => text);
  expect(more).toEqual([]);
  const connected = newcomer(tofu);
  await run(connected, make!);

  const machine = newcomer(tofu);
  const mirror = join(machine.home, "terraform-providers");
  cpSync(join(connected.folder, "terraform-providers"), mirror, { recursive: true });
  // The guide names folders of the system; these stand for them.
  const here = (text: string) =>
    text
      .replaceAll("/opt/terraform-providers", mirror)
      .replaceAll("/etc/terraform.tfrc", join(machine.home, "terraform.tfrc"));
  writeFileSync(join(machine.home, "terraform.tfrc"), here(configuration!));
  const { id } = await simulator().createEndpoint();
  machine.write("main.tf", example("air-gapped/main.tf").replace(/whe_\w+/, id));
  expect(await run(machine, here(use!))).toContain("1 to add");
  await run(machine, here(lock!));
  const hashes = machine.read(".terraform.lock.hcl").match(/"(h1|zh):/g) ?? [];
  expect(hashes).toContain('"h1:');
  await run(machine, here("terraform init -lockfile=readonly && terraform apply"), {
    TF_CLI_CONFIG_FILE: join(machine.home, "terraform.tfrc"),
  });
  expect(simulator().rotations(id)).toBe(1);
});

it("the Atlantis recipe's CLI configuration takes our provider from the image, and only ours", async () => {
  const connected = newcomer(tofu);
  await run(connected, "npx terraform-provider-polyai install --mirror mirror");
  const machine = newcomer(tofu);
  const configuration = example("ci/atlantis/providers.tfrc");
  machine.write(
    "providers.tfrc",
    configuration.replace("/usr/share/terraform-providers", join(connected.folder, "mirror")),
  );
  const main = example("ci/atlantis/main.tf");
  machine.write("main.tf", main);
  const env = { TF_CLI_CONFIG_FILE: join(machine.folder, "providers.tfrc") };
  await run(machine, "terraform init -backend=false && terraform validate", env);
  machine.write("main.tf", main.replace("polyai/polyai", "hashicorp/null"));
  await expect(run(machine, "terraform init -backend=false", env)).rejects.toThrow("127.0.0.1:9");
});

it("the HCP Terraform recipe finds the provider beside the configuration, locked as ci.md shows", async () => {
  const machine = newcomer(terraform);
  // As the release's archives are: packed, one for each platform.
  await run(machine, "npx terraform-provider-polyai install --mirror terraform.d/plugins");
  machine.write("main.tf", example("ci/hcp-terraform/main.tf"));
  const [lock, ...more] = blocksOf("docs/guides/ci.md").filter(
    ({ language }) => language === "shell",
  );
  expect(more).toEqual([]);
  await run(machine, lock!.text);
  await run(machine, "terraform init -backend=false -lockfile=readonly");
  expect(machine.read(".terraform.lock.hcl")).toContain("registry.terraform.io/polyai/polyai");
});

const INSTALL = "npx terraform-provider-polyai install";
// OpenTofu has no such problem.
const NONE_WITH_TOFU = {
  terraform: (seen: string) => seen,
  tofu: () => "OpenTofu has been successfully initialized",
}[terraform.product];

it.each([
  ["Incomplete lock file", "Incomplete lock file", `${INSTALL} && terraform init`],
  [
    "hashicorp/polyai",
    "hashicorp/polyai",
    `${INSTALL} && mkdir m && sed -n '/^resource/,/^}/p' main.tf > m/main.tf
     echo 'module "m" { source = "./m" }' >> main.tf && terraform init`,
  ],
  [
    "the plugin was not compiled for this architecture",
    "there is no node on PATH. This usually means the plugin was not compiled for this architecture",
    `${INSTALL} && terraform init && PATH="$HOME/bin" terraform validate`,
  ],
  [
    "-chdir",
    NONE_WITH_TOFU("could not connect to registry.terraform.io"),
    `mkdir c && mv main.tf c && ${INSTALL} --into c && (cd c && terraform init && rm -r .terraform)
     terraform -chdir=c init`,
  ],
  [
    "mkdir …: file exists",
    NONE_WITH_TOFU(`${thisPlatform()}: file exists`),
    `mkdir a cache && cp main.tf a && export TF_PLUGIN_CACHE_DIR="$PWD/cache"
     ${INSTALL} --into a && (cd a && terraform init) && rm -r a
     ${INSTALL} --mirror terraform.d/plugins && terraform init`,
  ],
])("troubleshooting.md quotes what is seen: %s", async (quote, seen, script) => {
  const page = readFileSync(join(ROOT, "docs/guides/troubleshooting.md"), "utf8");
  expect(page).toContain(`\`${quote}\``);
  const machine = newcomer(terraform);
  machine.write("main.tf", example("air-gapped/main.tf"));
  const printed = await run(machine, `(${script}) 2>&1 || true`, {
    NO_COLOR: "1",
    TF_CLI_ARGS: "-no-color",
  });
  expect(printed.replace(/\s+/g, " ")).toContain(seen);
});

it("other-languages.md shows the programs as they are", () => {
  const blocks = blocksOf("docs/guides/other-languages.md").map(({ text }) => text);
  for (const program of ["python/cdktf.json", "python/main.py"]) {
    expect(blocks).toContain(example(`languages/${program}`));
  }
});
