// Finds Terraform and OpenTofu, or gets them.
//
//   node scripts/cli.mjs list                 what is here, as JSON
//   node scripts/cli.mjs resolve <spec>       the CLIs of a spec, as JSON; fails where one is not here
//   node scripts/cli.mjs get <spec>           the same, and gets what is not here
//
// A spec is a comma-separated list of `terraform`, `tofu`, `terraform@1.5.7`, `tofu@1.12.6` …, or
// `all` (both products), or `found` (every product that is here).
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { devNull } from "node:os";
import { delimiter, isAbsolute, join } from "node:path";
import { buildGoModule, hasGo } from "./lib/go.mjs";
import { madeOnce, withLock } from "./lib/lock.mjs";
import { writeWhole } from "./lib/files.mjs";
import { platform, userCache } from "./lib/paths.mjs";
import { isMain, main, say } from "./lib/process.mjs";
import { Unreachable, installRelease } from "./lib/release.mjs";

/**
 * @typedef {{ product: "terraform" | "tofu", version: string, path: string, source: string }} Cli
 */

const PRODUCTS = {
  terraform: {
    title: "Terraform",
    oldest: "1.5.0",
    // The last release under the MPL.
    pinned: "1.5.7",
    module: "github.com/hashicorp/terraform",
    command: ".",
    sums: { "1.5.7": "h1:HL+iEBdp6mC/tqQM1F5jA5y32CbxXPwyiNQyYSXVzw0=" },
    checksums: {},
    releases: (version) =>
      `${process.env.TERRAFORM_RELEASES_URL ?? "https://releases.hashicorp.com/terraform"}/${version}`,
  },
  tofu: {
    title: "OpenTofu",
    oldest: "1.6.0",
    pinned: "1.12.6",
    module: "github.com/opentofu/opentofu",
    command: "./cmd/tofu",
    sums: {
      "1.12.6": "h1:0VT4P8pMmGcCUnQ9JDrJ+Qg2d35Vzm4FFd/9+H7oF98=",
      "1.6.3": "h1:aWutoODFUB+k9EZ6xtnf7571oCmUiVZ4d1bevHVhsJg=",
    },
    // SHA-256 of the release's zip archives.
    checksums: {
      "1.12.6_darwin_amd64": "166388e5feed47e107e11721b6366bf91d21e47eccbced75f3cbe0c7184ffd9b",
      "1.12.6_darwin_arm64": "e083ee43790ab9e19ad66d9933e24a7244a1412e1d5728f37999ae2163fdac95",
      "1.12.6_linux_amd64": "5dc43da4f750f33873dc25e94587128709e819e544b7be9016b255316153c3a8",
      "1.12.6_linux_arm64": "e573979ba68a17fe7b881752051a694a7efcd970e39521f6a25775197861ed4d",
      "1.12.6_windows_amd64": "0d1421721cf9ec24b41b698a9620dda218d47fa7e76ac3dc15cdbc13bd79b0bb",
    },
    releases: (version) =>
      `${process.env.TOFU_RELEASES_URL ?? "https://github.com/opentofu/opentofu/releases/download"}/v${version}`,
  },
};

/**
 * Every product that is here and new enough, one CLI for each, the one to prefer first:
 * TERRAFORM_BINARY_NAME (as cdktf reads it: a name or a path), `terraform` and `tofu` on PATH, the
 * cache. Throws where TERRAFORM_BINARY_NAME names something that cannot be used.
 *
 * @returns {Cli[]}
 */
export function findClis() {
  const found = [];
  const add = (cli) => {
    if (cli !== undefined && !found.some(({ product }) => product === cli.product)) found.push(cli);
  };
  add(named());
  for (const product of Object.keys(PRODUCTS)) add(onPath(product));
  for (const product of Object.keys(PRODUCTS)) add(cached(product, PRODUCTS[product].pinned));
  return found;
}

/**
 * The CLI to use where any will do: the first that is found, else OpenTofu, which is got.
 *
 * @returns {Promise<Cli>}
 */
export async function findOrGetCli() {
  return findClis()[0] ?? (await getCli({ product: "tofu" }));
}

/**
 * A CLI of exactly this version (the pinned one by default), from the cache or else from its
 * release or the Go module proxy. CLI_SOURCES ("release,go") says which of these to ask.
 *
 * @returns {Promise<Cli>}
 */
export async function getCli({ product, version = PRODUCTS[product].pinned }) {
  const here = cached(product, version);
  if (here !== undefined) return here;
  return withLock(`${cachedPath(product, version)}.lock`, async () => {
    const since = cached(product, version);
    if (since !== undefined) return since;
    const failures = [];
    for (const source of (process.env.CLI_SOURCES ?? "release,go").split(",")) {
      const failure = await install[source](product, version);
      if (failure === undefined) return usable(cachedPath(product, version), source, version);
      failures.push(failure);
    }
    throw new Error(
      `${PRODUCTS[product].title} ${version} is needed and could not be got: ${failures.join("; ")}. ` +
        "Install Terraform 1.5 or OpenTofu 1.6 or newer, or set TERRAFORM_BINARY_NAME to where it is.",
    );
  });
}

/**
 * A provider written in Go, built from the Go module proxy: the peer that benchmarks compare with.
 * Gives the executable's path.
 *
 * @param {string} module such as "github.com/hashicorp/terraform-provider-time"
 * @param {string} version such as "0.13.1"
 */
export async function getGoProvider(module, version) {
  const name = module.split("/").at(-1);
  const output = join(
    userCache(),
    name,
    version,
    platform().name,
    `${name}_v${version}${platform().exe}`,
  );
  return madeOnce(output, () => {
    if (!hasGo()) throw new Error(`Go is needed to build ${name}, and there is no \`go\` on PATH.`);
    return buildGoModule({ module, version, command: ".", output });
  });
}

/**
 * The CLIs that a spec names (see the top of this file). Throws a sentence for one that is not here.
 *
 * @returns {Cli[]}
 */
export function resolveClis(spec) {
  if (spec === "found") {
    const found = findClis();
    if (found.length > 0) return found;
    throw new Error("Neither Terraform nor OpenTofu is here. Run `npm run setup` first.");
  }
  return wanted(spec).map(({ product, version }) => {
    const cli = lookUp(product, version);
    if (cli !== undefined) return cli;
    const name = version === undefined ? product : `${product}@${version}`;
    throw new Error(`${name} is not here. Run \`node scripts/cli.mjs get ${name}\` first.`);
  });
}

/** As resolveClis, and gets what is not here. */
export async function getClis(spec) {
  if (spec === "found") return [await findOrGetCli()];
  const clis = [];
  for (const { product, version } of wanted(spec)) {
    clis.push(lookUp(product, version) ?? (await getCli({ product, version })));
  }
  return clis;
}

function wanted(spec) {
  if (spec === "all") return Object.keys(PRODUCTS).map((product) => ({ product }));
  return spec.split(",").map((name) => {
    const [product, version] = name.trim().split("@");
    if (!Object.hasOwn(PRODUCTS, product)) {
      throw new Error(`"${name}" is neither terraform nor tofu, with or without @VERSION.`);
    }
    return { product, version };
  });
}

function lookUp(product, version) {
  const found = findClis().find((cli) => cli.product === product);
  if (version === undefined || found?.version === version) return found;
  return cached(product, version);
}

function named() {
  const name = process.env.TERRAFORM_BINARY_NAME;
  if (!name) return undefined;
  const path = isAbsolute(name) || name.includes("/") ? name : searchPath(name);
  if (path === undefined)
    throw new Error(`TERRAFORM_BINARY_NAME is ${name}, which is not on PATH.`);
  const cli = inspect(path);
  if (cli === undefined) {
    throw new Error(`TERRAFORM_BINARY_NAME is ${name}, which runs neither Terraform nor OpenTofu.`);
  }
  if (isTooOld(cli)) throw new Error(`TERRAFORM_BINARY_NAME is ${name}, ${tooOld(cli)}.`);
  return { ...cli, source: "TERRAFORM_BINARY_NAME" };
}

function onPath(product) {
  const path = searchPath(product);
  const cli = path && inspect(path);
  if (!cli) return undefined;
  if (isTooOld(cli)) {
    say(`Passing over ${path}, ${tooOld(cli)}.`);
    return undefined;
  }
  return { ...cli, source: "PATH" };
}

function cached(product, version) {
  const path = cachedPath(product, version);
  return existsSync(path) ? usable(path, "cache", version) : undefined;
}

function usable(path, source, version) {
  const cli = inspect(path);
  if (cli?.version === version) return { ...cli, source };
  throw new Error(`${path} does not run as version ${version}. Remove it and try again.`);
}

function cachedPath(product, version) {
  const { name, exe } = platform();
  return join(userCache(), product, version, name, `${product}${exe}`);
}

const install = {
  async release(product, version) {
    const { title, releases, checksums } = PRODUCTS[product];
    const { name, exe } = platform();
    try {
      await installRelease({
        base: releases(version),
        archive: `${product}_${version}_${name}.zip`,
        sums: `${product}_${version}_SHA256SUMS`,
        file: `${product}${exe}`,
        checksum: checksums[`${version}_${name}`],
        output: cachedPath(product, version),
      });
      return undefined;
    } catch (error) {
      // A release that is not what it should be ends the search: something is wrong with it.
      if (!(error instanceof Unreachable)) throw error;
      say(`  ${title} ${version}: ${error.message}`);
      return error.message;
    }
  },

  async go(product, version) {
    if (!hasGo()) return "there is no Go to build it with";
    const { module, command, sums } = PRODUCTS[product];
    await buildGoModule({
      module,
      version,
      sum: sums[version],
      command,
      variables: { [`${module}/version.dev`]: "no" },
      output: cachedPath(product, version),
    });
    return undefined;
  },
};

function searchPath(name) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    const path = join(folder || ".", `${name}${platform().exe}`);
    if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
  }
  return undefined;
}

// Asking a CLI for its version takes 0.1 s or more, so the answer is kept for as long as the file
// is the same.
function inspect(path) {
  if (!existsSync(path)) return undefined;
  const real = realpathSync(path);
  const { size, mtimeMs } = statSync(real);
  const key = `${real} ${size} ${mtimeMs}`;
  const memory = join(userCache(), "cli-versions.json");
  const known = existsSync(memory) ? JSON.parse(readFileSync(memory, "utf8")) : {};
  if (known[key] === undefined) {
    const answer = askVersion(path);
    if (answer === null) return undefined;
    known[key] = answer;
    writeWhole(memory, JSON.stringify(known, null, 2));
  }
  return { ...known[key], path };
}

// The plain text names the product, which `version -json` does not: there OpenTofu, too, says
// "terraform_version".
function askVersion(path) {
  const env = { ...process.env, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: devNull };
  for (const name of Object.keys(env)) if (/^TF_(LOG|CLI_ARGS)/.test(name)) delete env[name];
  const asked = spawnSync(path, ["version"], { env, encoding: "utf8", timeout: 30_000 });
  const match = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+\S*)/m.exec(asked.stdout ?? "");
  if (asked.status !== 0 || match === null) return null;
  return { product: match[1] === "OpenTofu" ? "tofu" : "terraform", version: match[2] };
}

function isTooOld({ product, version }) {
  return version.localeCompare(PRODUCTS[product].oldest, "en", { numeric: true }) < 0;
}

function tooOld({ product, version }) {
  const { title, oldest } = PRODUCTS[product];
  return `${title} ${version}, which is older than ${oldest}`;
}

if (isMain(import.meta.url)) {
  await main(async () => {
    const [verb = "list", spec = "all"] = process.argv.slice(2);
    const verbs = { list: findClis, resolve: () => resolveClis(spec), get: () => getClis(spec) };
    if (!Object.hasOwn(verbs, verb)) throw new Error(`Say list, resolve or get; not ${verb}.`);
    process.stdout.write(`${JSON.stringify(await verbs[verb](), null, 2)}\n`);
  });
}
