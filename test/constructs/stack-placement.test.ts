import "./matchers-cli.js";
import "cdktf/lib/testing/adapters/jest";
import {
  App,
  Aspects,
  Manifest,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
  Testing,
} from "cdktf";
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PolyaiProvider, PolyWebhookSecret } from "../../lib/index.js";
import { describeForEachCli, run, succeed } from "../support/cli.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { testStack } from "./stack-fixture.js";

Testing.setupJest();
let outdir: string;
beforeEach(() => {
  outdir = temporaryFolder();
});
afterEach(() => jest.restoreAllMocks());

const ENDPOINT = "whe_1a2b3c";
const MIRROR = "terraform.d/plugins/registry.terraform.io/polyai/polyai";
const LOCK = ".terraform.lock.hcl";

class OtherProvider extends TerraformProvider {
  public constructor(stack: TerraformStack, source: string, providerVersion = "", id = "other") {
    super(stack, id, {
      terraformResourceType: "null",
      terraformProviderSource: source,
      terraformGeneratorMetadata: { providerName: "null", providerVersion },
    });
  }
}

const folderOf = (stack: string) => join(outdir, Manifest.stacksFolder, stack);

/** Synthesizes an app as `cdktf synth` runs it. */
function synth(build: (app: App) => void): void {
  const app = new App({ outdir });
  build(app);
  app.synth();
}

const lockOf = (stack: string) => join(folderOf(stack), LOCK);

/** The addresses that the stack's lock file has. */
const lockedIn = (stack: string): readonly (string | undefined)[] =>
  [...readFileSync(lockOf(stack), "utf8").matchAll(/^provider "(.*)"/gm)].map(
    ([, address]) => address,
  );

const secretStack = (app: App, id: string): TerraformStack => {
  const stack = new TerraformStack(app, id);
  new PolyWebhookSecret(stack, "Alerts", { endpointId: ENDPOINT });
  return stack;
};

describe("App.synth", () => {
  it("places the plugin once beside each stack that uses it, and beside no other", () => {
    synth((app) => {
      secretStack(app, "one");
      const two = new TerraformStack(app, "two");
      new PolyaiProvider(two, "us");
      new PolyaiProvider(two, "uk", { alias: "uk", region: "uk" });
      new TerraformStack(app, "none");
    });
    for (const stack of ["one", "two"]) {
      // HCP Terraform's workers run Linux, whatever the program ran on.
      const [, version, ...others] = readdirSync(join(folderOf(stack), MIRROR)).sort();
      expect(others).toEqual([]);
      expect(readdirSync(join(folderOf(stack), MIRROR, version!))).toContain("linux_amd64");
      expect(lockedIn(stack)).toEqual(["registry.terraform.io/polyai/polyai"]);
    }
    expect(readdirSync(folderOf("none"))).toEqual(["cdk.tf.json"]);
  });

  it("places nothing where the stack is not valid", () => {
    const work = () =>
      synth((app) => {
        const stack = secretStack(app, "one");
        stack.node.addValidation({ validate: () => ["not valid"] });
      });
    expect(work).toThrow("not valid");
    expect(existsSync(folderOf("one"))).toBe(false);
  });

  const complete = {
    provider: { polyai: [{}] },
    resource: { polyai_webhook_secret: { Alerts: { endpoint_id: ENDPOINT } } },
  };
  const expectCompleted = () => {
    const text = readFileSync(join(folderOf("one"), "cdk.tf.json"), "utf8");
    expect(JSON.parse(text)).toMatchObject(complete);
    expect(existsSync(join(folderOf("one"), MIRROR))).toBe(true);
  };

  it("completes a stack of another copy of the CDK, as a bundler or a workspace makes it", () => {
    jest.isolateModules(() => {
      const other = jest.requireActual<typeof import("cdktf")>("cdktf");
      expect(other.TerraformStack).not.toBe(TerraformStack);
      const app = new other.App({ outdir });
      const stack = new other.TerraformStack(app, "one");
      new PolyWebhookSecret(stack, "Alerts", { endpointId: ENDPOINT });
      expect(JSON.parse(other.Testing.synth(stack, true))).toMatchObject(complete);
      app.synth();
      expectCompleted();
    });
  });

  it("completes a stack whose first secret is made by an aspect", () => {
    const aspect = {
      visit: (node: object) => {
        if (!TerraformStack.isStack(node) || node.node.tryFindChild("Alerts")) return;
        new PolyWebhookSecret(node, "Alerts", { endpointId: ENDPOINT });
      },
    };
    synth((app) => {
      Aspects.of(new TerraformStack(app, "one")).add(aspect);
    });
    expectCompleted();
    const stack = testStack();
    Aspects.of(stack).add(aspect);
    expect(JSON.parse(Testing.synth(stack, true))).toMatchObject(complete);
  });

  it("writes no secret and no key of the environment, anywhere", () => {
    const canaries = {
      POLYAI_API_KEY: "canary-key-5f1d",
      POLYAI_SIGNING_SECRET: "canary-secret-9c2e",
    };
    jest.replaceProperty(process, "env", { ...process.env, ...canaries });
    synth((app) => secretStack(app, "one"));
    const texts = readdirSync(outdir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
    expect(texts.length).toBeGreaterThan(3);
    for (const text of texts) expect(text).not.toMatch(/canary-(key|secret)/);
  });
});

it("Testing.synth places nothing", () => {
  Testing.synth(secretStack(Testing.app({ outdir }), "one"), true);
  expect(readdirSync(join(outdir, Manifest.stacksFolder))).toEqual([]);
});

describe("the warning of providers that are not locked yet", () => {
  const warnings = (build: (stack: TerraformStack) => void, lock?: string): string[] => {
    const program = (app: App) => build(secretStack(app, "one"));
    synth(program);
    if (lock !== undefined) {
      writeFileSync(lockOf("one"), lock);
      synth(program);
    }
    const manifest = JSON.parse(readFileSync(join(outdir, Manifest.fileName), "utf8")) as {
      stacks: { one: { annotations: { message: string }[] } };
    };
    return manifest.stacks.one.annotations.map(({ message }) => message);
  };

  const using = (source: string, version?: string) => (stack: TerraformStack) => {
    new OtherProvider(stack, source, version);
  };
  const null324 = 'provider "registry.terraform.io/hashicorp/null" {\n  version = "3.2.4"\n}\n';

  it.each([
    ["hashicorp/null", "", "nothing", "/null. Run the next deploy with --skip-provider-lock"],
    ["null", "", "3.2.4", ""],
    ["registry.terraform.io/hashicorp/null", "", "3.2.4", ""],
    ["hashicorp/null", "3.2.4", "3.2.4", ""],
    ["hashicorp/null", "3.2.5", "3.2.4", "/null 3.2.5. "],
  ])("of %s %s, of which %s is locked, is %j", (source, version, locked, told) => {
    const given = warnings(using(source, version), locked === "nothing" ? undefined : null324);
    expect(given).toEqual(told === "" ? [] : [expect.stringContaining(`for hashicorp${told}`)]);
  });

  it("is not given where the CLI was told to skip the lock", () => {
    jest.replaceProperty(process, "env", { ...process.env, CDKTF_SKIP_PROVIDER_LOCK: "true" });
    expect(warnings(using("hashicorp/null"))).toEqual([]);
  });

  it("is not given for this provider and for Terraform's built-in one", () => {
    const given = warnings((stack) => {
      new PolyaiProvider(stack, "polyai");
      new TerraformResource(stack, "R", { terraformResourceType: "terraform_data" });
    });
    expect(given).toEqual([]);
  });
});

describe("the lock entries of a stack's other providers", () => {
  const lock = (...others: readonly (readonly [string, string])[]) => {
    synth((app) => {
      const stack = secretStack(app, "one");
      others.forEach((other, index) => new OtherProvider(stack, ...other, `other-${index}`));
    });
    return lockedIn("one");
  };

  it.each([
    ["null", "registry.terraform.io/hashicorp/null"],
    ["Integrations/GitHub", "registry.terraform.io/integrations/github"],
    ["registry.opentofu.org/hashicorp/null", "registry.opentofu.org/hashicorp/null"],
  ])("name the exact version that the bindings of %s have, without a hash", (source, address) => {
    expect(lock([source, "3.2.4"])).toHaveLength(2);
    const entry = `provider "${address}" {\n  version     = "3.2.4"\n  constraints = "3.2.4"\n}\n`;
    expect(readFileSync(lockOf("one"), "utf8")).toContain(`\n${entry}\n`);
  });

  it("are not made if no exact version is known, or bindings differ in it", () => {
    expect(lock(["null", "~> 3.2"])).toHaveLength(1);
    expect(lock(["null", "3.2.4"], ["hashicorp/null", "3.2.3"])).toHaveLength(1);
  });

  it("stay as they are once they are there", () => {
    lock(["null", "3.2.4"]);
    const text = readFileSync(lockOf("one"), "utf8");
    const hashed = text.replace('"3.2.4"\n}', '"3.2.4"\n  hashes = ["h1:x="]\n}');
    expect(hashed).toContain("h1:x=");
    writeFileSync(lockOf("one"), hashed);
    lock(["null", "3.2.5"]);
    expect(readFileSync(lockOf("one"), "utf8")).toBe(hashed);
  });

  it("are not made in a lock file that is not understood: synth names the line", () => {
    lock(["null", "3.2.4"]);
    writeFileSync(lockOf("one"), `# one\n<<<<<<< ours\n`);
    expect(() => lock(["null", "3.2.4"])).toThrow(`Line 2 of ${lockOf("one")} is not understood`);
    expect(readFileSync(lockOf("one"), "utf8")).toBe(`# one\n<<<<<<< ours\n`);
  });
});

it.each([
  ["is given for a literal, which it does not repeat", () => "canary", true],
  [
    "is not given for a variable",
    (stack: TerraformStack) => new TerraformVariable(stack, "key", { sensitive: true }).stringValue,
    false,
  ],
])("the warning of a literal API key %s", (_, apiKey, warned) => {
  const stack = testStack();
  const provider = new PolyaiProvider(stack, "polyai", { apiKey: apiKey(stack) });
  const told = provider.node.metadata.map(({ data }) => String(data)).join("\n");
  expect(told.includes("apiKey is a literal")).toBe(warned);
  expect(told).not.toContain("canary");
});

describe("cdktf's matchers", () => {
  it("find a stack valid, and plan it, with nothing installed by hand", () => {
    const stack = testStack();
    new PolyWebhookSecret(stack, "Alerts", { endpointId: ENDPOINT, rotateAfterDays: 30 });
    jest.replaceProperty(process, "env", { ...process.env, POLYAI_API_KEY: "key" });
    const folder = Testing.fullSynth(stack);
    expect(folder).toBeValidTerraform();
    expect(folder).toPlanSuccessfully();
    rmSync(folder, { recursive: true });
  });
});

describeForEachCli((cli) => {
  it("plans a stack that was synthesized as HCL, and moved to another path", async () => {
    jest.replaceProperty(process, "env", { ...process.env, SYNTH_HCL_OUTPUT: "true" });
    synth((app) => secretStack(app, "one"));
    const moved = join(temporaryFolder(), "moved");
    renameSync(outdir, moved);
    const cwd = join(moved, Manifest.stacksFolder, "one");
    expect(existsSync(join(cwd, "cdk.tf"))).toBe(true);
    const lock = readFileSync(join(cwd, LOCK), "utf8");
    // Nobody listens there: asking a registry would fail.
    const env = { POLYAI_API_KEY: "key", HTTPS_PROXY: "http://127.0.0.1:9" };
    await succeed(run(cli, ["init", "-no-color"], { cwd, env }));
    expect(readFileSync(join(cwd, LOCK), "utf8")).toBe(lock);
    const { stdout } = await succeed(run(cli, ["plan", "-no-color"], { cwd, env }));
    expect(stdout).toContain("Plan: 1 to add");
  });
});
