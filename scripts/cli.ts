/**
 * Finds Terraform and OpenTofu, or gets them.
 *
 *   tsx scripts/cli.ts SPEC     gets the CLIs of a spec and prints them as JSON
 *
 * A spec is a list of `terraform`, `tofu`, `terraform@1.5.7` …; or `all` for both products; or
 * `found` for every product that is here.
 */
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { devNull } from "node:os";
import { basename, delimiter, dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { sha256 } from "../src/placement/package.js";
import { placeFile } from "../src/placement/real-files.js";
import { buildGo, hasGo } from "./lib/go.js";
import { cachedProgram, platform } from "./lib/machine.js";
import { main, say } from "./lib/process.js";

export type Product = "terraform" | "tofu";

export interface Cli {
  readonly product: Product;
  readonly version: string;
  readonly path: string;
}

const TERRAFORM = "github.com/hashicorp/terraform";
const TOFU = "github.com/opentofu/opentofu";

const PRODUCTS = {
  // 1.5.7 is the last release under the MPL.
  terraform: { oldest: "1.5.0", pinned: "1.5.7", module: TERRAFORM, command: "." },
  tofu: { oldest: "1.6.0", pinned: "1.12.6", module: TOFU, command: "./cmd/tofu" },
} as const;

/** Checksums of Go modules, as in go.sum. */
const GO_SUMS: Readonly<Record<string, string>> = {
  "terraform 1.5.7": "h1:HL+iEBdp6mC/tqQM1F5jA5y32CbxXPwyiNQyYSXVzw0=",
  "tofu 1.12.6": "h1:0VT4P8pMmGcCUnQ9JDrJ+Qg2d35Vzm4FFd/9+H7oF98=",
  "tofu 1.6.3": "h1:aWutoODFUB+k9EZ6xtnf7571oCmUiVZ4d1bevHVhsJg=",
};

/** SHA-256 of the zip archives of OpenTofu's pinned release, by platform. */
const ZIP_SUMS: Readonly<Record<string, string>> = {
  darwin_amd64: "166388e5feed47e107e11721b6366bf91d21e47eccbced75f3cbe0c7184ffd9b",
  darwin_arm64: "e083ee43790ab9e19ad66d9933e24a7244a1412e1d5728f37999ae2163fdac95",
  linux_amd64: "5dc43da4f750f33873dc25e94587128709e819e544b7be9016b255316153c3a8",
  linux_arm64: "e573979ba68a17fe7b881752051a694a7efcd970e39521f6a25775197861ed4d",
  windows_amd64: "0d1421721cf9ec24b41b698a9620dda218d47fa7e76ac3dc15cdbc13bd79b0bb",
};

/**
 * Every product that is here and new enough, in order of preference: TERRAFORM_BINARY_NAME (a name
 * or a path, as cdktf reads it), PATH, the cache. Throws if TERRAFORM_BINARY_NAME cannot be used.
 */
export function findClis(): readonly Cli[] {
  const products = Object.keys(PRODUCTS).filter(isProduct);
  const candidates = [
    named(),
    ...products.map((product) => usable(searchPath(product))),
    ...products.map((product) => cached(product, PRODUCTS[product].pinned)),
  ].filter((cli) => cli !== undefined);
  return candidates.filter(
    ({ product }, index) => candidates.findIndex((cli) => cli.product === product) === index,
  );
}

/** The CLIs that a spec names. Throws a sentence for one that is not here. */
export function resolveClis(spec: string): readonly Cli[] {
  return lookUp(spec).map(({ name, cli }) => {
    if (cli !== undefined) return cli;
    throw new Error(`${name} is not here. Run \`npx tsx scripts/cli.ts ${name}\` first.`);
  });
}

/** As resolveClis, but gets what is not here; for `found`, OpenTofu if neither product is here. */
export async function getClis(spec: string): Promise<readonly Cli[]> {
  const wanted = lookUp(spec).map(
    async ({ cli, product, version }) => cli ?? (await getCli(product, version)),
  );
  return Promise.all(wanted);
}

/** Each CLI that a spec names, with the one that is here for it. */
function lookUp(spec: string) {
  const found = findClis();
  const all = found.length > 0 ? found.map(({ product }) => product) : ["tofu"];
  const names = { found: all.join(), all: "terraform,tofu" }[spec] ?? spec;
  return names.split(",").map((name) => {
    const [product, version] = name.trim().split("@");
    if (!isProduct(product)) {
      throw new Error(`"${name}" is neither terraform nor tofu, with or without @VERSION.`);
    }
    const any = found.find((each) => each.product === product);
    const fits = version === undefined || version === any?.version;
    return { name, product, version, cli: fits ? any : cached(product, version) };
  });
}

const isProduct = (name = ""): name is Product => name in PRODUCTS;

function named(): Cli | undefined {
  const name = process.env.TERRAFORM_BINARY_NAME;
  if (!name) return undefined;
  const cli = usable(/[\\/]/.test(name) ? name : searchPath(name));
  if (cli !== undefined) return cli;
  throw new Error(
    `TERRAFORM_BINARY_NAME is ${name}, which runs neither Terraform (1.5 or newer) nor OpenTofu (1.6 or newer).`,
  );
}

/** The CLI at a path, if it runs and is new enough. */
function usable(path: string | undefined): Cli | undefined {
  const cli = path === undefined ? undefined : askVersion(path);
  if (cli === undefined) return undefined;
  const { oldest } = PRODUCTS[cli.product];
  if (cli.version.localeCompare(oldest, "en", { numeric: true }) >= 0) return cli;
  say(`${cli.path} is ${cli.product} ${cli.version}, older than ${oldest}.`);
  return undefined;
}

function cached(product: Product, version: string): Cli | undefined {
  const path = cachedProgram(product, version, product);
  return existsSync(path) ? { product, version, path } : undefined;
}

function searchPath(name: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder || ".", `${name}${platform().exe}`))
    .find((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

// The plain text names the product, which `version -json` does not.
function askVersion(path: string): Cli | undefined {
  // A person's own settings could change the answer.
  const own = Object.entries(process.env).filter(([name]) => !/^TF_(LOG|CLI)/.test(name));
  const env = { ...Object.fromEntries(own), CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: devNull };
  const { status, stdout } = spawnSync(path, ["version"], { env, encoding: "utf8" });
  const [, title, version] = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+\S*)/m.exec(stdout) ?? [];
  if (status !== 0 || version === undefined) return undefined;
  return { product: title === "OpenTofu" ? "tofu" : "terraform", version, path };
}

/**
 * A CLI of exactly this version, from the cache or else from where CLI_SOURCES says: OpenTofu's
 * pinned release, or the Go module proxy ("release,go" by default).
 */
async function getCli(product: Product, version: string = PRODUCTS[product].pinned): Promise<Cli> {
  const path = cachedProgram(product, version, product);
  for (const source of (process.env.CLI_SOURCES ?? "release,go").split(",")) {
    if (existsSync(path)) break;
    if (source === "release") await installRelease(product, version, path);
    else if (hasGo()) buildFromGo(product, version, path);
  }
  if (!existsSync(path)) {
    throw new Error(
      `${product} ${version} is needed, and there is neither a release to download nor a Go to build it with. ` +
        "Install Terraform 1.5 or OpenTofu 1.6 or newer, or set TERRAFORM_BINARY_NAME to where it is.",
    );
  }
  const cli = askVersion(path);
  if (cli?.version === version) return cli;
  throw new Error(`${path} runs as version ${cli?.version ?? "unknown"}. Remove it and try again.`);
}

function buildFromGo(product: Product, version: string, output: string): void {
  const { module, command } = PRODUCTS[product];
  const sum = GO_SUMS[`${product} ${version}`];
  const linked = `${module}/version.dev=no`;
  buildGo({ module, version, command, linked, output, ...(sum !== undefined && { sum }) });
}

async function installRelease(product: Product, version: string, output: string): Promise<void> {
  const { name, exe } = platform();
  const sum = ZIP_SUMS[name];
  if (product !== "tofu" || version !== PRODUCTS.tofu.pinned || sum === undefined) return;
  const base = process.env.TOFU_RELEASES_URL ?? `https://${TOFU}/releases/download`;
  const url = `${base}/v${version}/tofu_${version}_${name}.zip`;
  say(`Downloading ${url} …`);
  const signal = AbortSignal.timeout(600_000);
  const response = await fetch(url, { signal }).catch(() => undefined);
  if (response?.ok !== true) {
    say("It cannot be downloaded.");
    return;
  }
  const archive = new Uint8Array(await response.arrayBuffer());
  const actual = sha256(archive).digest("hex");
  if (actual !== sum) throw new Error(`${url} has SHA-256 ${actual}, but ${sum} is pinned.`);
  const file = unzipSync(archive)[`tofu${exe}`];
  if (file === undefined) throw new Error(`${url} holds no tofu${exe}.`);
  placeFile(dirname(output), basename(output), file, 0o755);
}

if (require.main === module) {
  main(async () => {
    const clis = await getClis(process.argv[2] ?? "found");
    process.stdout.write(`${JSON.stringify(clis, null, 2)}\n`);
  });
}
