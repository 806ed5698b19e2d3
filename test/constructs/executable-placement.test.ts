import "cdktf/lib/testing/adapters/jest";
import { App, Manifest, TerraformStack, Testing } from "cdktf";
import fs, {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import {
  installedExecutables,
  type ExecutablePackage,
} from "../../src/placement/executable-packages.js";
import { PolyaiProvider, PolyWebhookSecret, ProviderRuntime } from "../../lib/index.js";
import { placeExecutables, placePlugin } from "../../src/placement/plugin-placement.js";
import { PROVIDER_VERSION } from "../support/workspace.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { builtPackage } from "./package-fixture.js";

const MIRROR = "terraform.d/plugins/registry.terraform.io/polyai/polyai";
const LOCK = ".terraform.lock.hcl";

/** A platform's package as npm installs it under a project. */
function installPackage(
  project: string,
  suffix: string,
  { version = "1.2.3", content = `executable for ${suffix}\n` } = {},
): string {
  const root = join(project, "node_modules", `terraform-provider-polyai-${suffix}`);
  const exe = suffix.startsWith("win32") ? ".exe" : "";
  mkdirSync(join(root, "bin"), { recursive: true });
  const executable = join(root, "bin", `terraform-provider-polyai_v${version}${exe}`);
  writeFileSync(executable, content);
  chmodSync(executable, 0o755);
  writeFileSync(join(root, "bin", "LICENSE.txt"), "Licence.\n");
  const terraform = { hash: `h1:${suffix}=` };
  writeFileSync(join(root, "package.json"), JSON.stringify({ version, terraform }));
  return executable;
}

const installed = (project: string, version = "1.2.3") => installedExecutables(version, [project]);

/** Every file under a folder with its inode and time of change. */
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => {
      const { ino, ctimeMs } = statSync(file);
      return `${file.slice(folder.length + 1)} ${ino} ${ctimeMs}`;
    })
    .sort();

const namesIn = (folder: string) => filesIn(folder).map((line) => line.split(" ")[0]);

describe("installedExecutables", () => {
  it("finds the packages of all platforms that are installed, and what each holds", () => {
    const project = temporaryFolder();
    installPackage(project, "linux-x64");
    installPackage(project, "win32-x64");
    expect(installed(project)).toEqual<ExecutablePackage[]>([
      {
        platform: "linux_amd64",
        folder: join(project, "node_modules/terraform-provider-polyai-linux-x64/bin"),
        files: ["LICENSE.txt", "terraform-provider-polyai_v1.2.3"],
        version: "1.2.3",
        hash: "h1:linux-x64=",
      },
      {
        platform: "windows_amd64",
        folder: join(project, "node_modules/terraform-provider-polyai-win32-x64/bin"),
        files: ["LICENSE.txt", "terraform-provider-polyai_v1.2.3.exe"],
        version: "1.2.3",
        hash: "h1:win32-x64=",
      },
    ]);
  });

  it("looks upwards, as node does, and in each of several places", () => {
    const project = temporaryFolder();
    installPackage(project, "darwin-arm64");
    mkdirSync(join(project, "packages/infra"), { recursive: true });
    const found = installedExecutables("1.2.3", [
      temporaryFolder(),
      join(project, "packages/infra"),
    ]);
    expect(found.map(({ platform }) => platform)).toEqual(["darwin_arm64"]);
  });

  it("names a package to install, in this version, where there is none", () => {
    expect(() => installed(temporaryFolder())).toThrow(
      new RegExp(`terraform-provider-polyai-${process.platform}-${process.arch}@1\\.2\\.3`),
    );
  });

  it("says how to make the versions the same where one is another", () => {
    const project = temporaryFolder();
    installPackage(project, "linux-x64", { version: "1.1.0" });
    expect(() => installed(project)).toThrow(
      /in version 1\.1\.0, and .* in 1\.2\.3.*npm install terraform-provider-polyai-linux-x64@1\.2\.3/,
    );
  });
});

describe("placeExecutables", () => {
  const project = temporaryFolder();
  const source = installPackage(project, "linux-x64");
  installPackage(project, "darwin-arm64");
  const placed = "linux_amd64/terraform-provider-polyai_v1.2.3";

  it("places each platform's files, and all hashes in the lock entry", () => {
    const folder = temporaryFolder();
    placeExecutables(folder, installed(project));
    expect(namesIn(folder)).toEqual([
      LOCK,
      `${MIRROR}/1.2.3/darwin_arm64/LICENSE.txt`,
      `${MIRROR}/1.2.3/darwin_arm64/terraform-provider-polyai_v1.2.3`,
      `${MIRROR}/1.2.3/linux_amd64/LICENSE.txt`,
      `${MIRROR}/1.2.3/${placed}`,
    ]);
    expect(readFileSync(join(folder, LOCK), "utf8")).toContain(
      '  hashes = [\n    "h1:darwin-arm64=",\n    "h1:linux-x64=",\n  ]\n',
    );
  });

  it("takes no room and no time for a large file: it is a link", () => {
    const folder = temporaryFolder();
    placeExecutables(folder, installed(project));
    expect(statSync(join(folder, MIRROR, "1.2.3", placed)).ino).toBe(statSync(source).ino);
  });

  it("copies a file once where it cannot be linked to", () => {
    const refuse = jest.spyOn(fs, "linkSync").mockImplementation(() => {
      throw new Error("EXDEV");
    });
    try {
      const folder = temporaryFolder();
      placeExecutables(folder, installed(project));
      const { ino, mode, size } = statSync(join(folder, MIRROR, "1.2.3", placed));
      expect(ino).not.toBe(statSync(source).ino);
      expect([mode & 0o777, size]).toEqual([0o755, statSync(source).size]);
      const before = filesIn(folder);
      placeExecutables(folder, installed(project));
      expect(filesIn(folder)).toEqual(before);
    } finally {
      refuse.mockRestore();
    }
  });

  it("changes nothing when it is done already", () => {
    const folder = temporaryFolder();
    placeExecutables(folder, installed(project));
    const before = filesIn(folder);
    placeExecutables(folder, installed(project));
    expect(filesIn(folder)).toEqual(before);
  });

  it("makes good a file that is another, or gone", () => {
    const folder = temporaryFolder();
    placeExecutables(folder, installed(project));
    const file = join(folder, MIRROR, "1.2.3", placed);
    rmSync(file);
    writeFileSync(file, "another");
    rmSync(join(folder, MIRROR, "1.2.3/darwin_arm64/terraform-provider-polyai_v1.2.3"));
    placeExecutables(folder, installed(project));
    expect(readFileSync(file, "utf8")).toBe("executable for linux-x64\n");
    expect(namesIn(folder)).toHaveLength(5);
  });

  it("leaves nothing of the script, and the script nothing of the executables", () => {
    const folder = temporaryFolder();
    const plugin = builtPackage("1.2.3");
    placePlugin(folder, plugin);
    placeExecutables(folder, installed(project));
    expect(readdirSync(join(folder, MIRROR, "1.2.3"))).toEqual(["darwin_arm64", "linux_amd64"]);
    expect(readFileSync(join(folder, LOCK), "utf8")).not.toContain(plugin.hash);

    placePlugin(folder, plugin);
    expect(namesIn(folder)).toHaveLength(9);
    expect(readFileSync(join(folder, MIRROR, "1.2.3", placed), "utf8")).toBe("plugin 1.2.3\n");
    // Through the link it would have written into the package.
    expect(readFileSync(source, "utf8")).toBe("executable for linux-x64\n");
    expect(readFileSync(join(folder, LOCK), "utf8")).not.toContain("h1:linux-x64=");
  });
});

describe("a stack whose provider runs as an executable", () => {
  const synthesized = (build: (stack: TerraformStack) => void): string => {
    const outdir = temporaryFolder();
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "one");
    new PolyWebhookSecret(stack, "Alerts", { endpointId: "whe_1a2b3c" });
    build(stack);
    app.synth();
    return join(outdir, Manifest.stacksFolder, "one");
  };

  const inProject = <T>(project: string, work: () => T): T => {
    const before = process.cwd();
    process.chdir(project);
    try {
      return work();
    } finally {
      process.chdir(before);
    }
  };

  it("gets the executables of the project that synthesizes it, and no script", () => {
    const project = temporaryFolder();
    installPackage(project, "linux-arm64", { version: PROVIDER_VERSION });
    const folder = inProject(project, () =>
      synthesized((stack) => {
        new PolyaiProvider(stack, "us");
        new PolyaiProvider(stack, "uk", {
          alias: "uk",
          region: "uk",
          runtime: ProviderRuntime.EXECUTABLE,
        });
      }),
    );
    expect(readdirSync(join(folder, MIRROR, PROVIDER_VERSION))).toEqual(["linux_arm64"]);
    // A setting of the construct, which Terraform knows nothing of.
    expect(readFileSync(join(folder, "cdk.tf.json"), "utf8")).not.toContain("runtime");
  });

  it("is refused, with the way out, where no executable is installed", () => {
    const project = temporaryFolder();
    expect(() =>
      inProject(project, () =>
        synthesized((stack) => {
          new PolyaiProvider(stack, "polyai", { runtime: ProviderRuntime.EXECUTABLE });
        }),
      ),
    ).toThrow(/No executable of the provider is installed.*optionalDependencies/);
  });

  it("cannot be told two runtimes", () => {
    const stack = new TerraformStack(Testing.app({ outdir: temporaryFolder() }), "one");
    new PolyaiProvider(stack, "us", { runtime: ProviderRuntime.EXECUTABLE });
    expect(
      () => new PolyaiProvider(stack, "uk", { alias: "uk", runtime: ProviderRuntime.NODE }),
    ).toThrow("one has provider blocks with the runtimes executable and node");
  });

  it("runs on Node where nobody says otherwise", () => {
    const folder = synthesized((stack) => {
      new PolyaiProvider(stack, "polyai", { runtime: ProviderRuntime.NODE });
    });
    expect(existsSync(join(folder, MIRROR, PROVIDER_VERSION, "darwin_amd64"))).toBe(true);
  });
});
