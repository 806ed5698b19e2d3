/**
 * Gives each place where text from outside is read its worst input, 1 MiB of it, and prints for
 * how long each blocked the event loop, in milliseconds.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pluginCaches, providerInstallation } from "../../src/cli/cli-configuration.js";
import { choosePackages } from "../../src/placement/release-zip.js";
import { mergeLockEntry, parseLockFile } from "../../src/placement/lock-file.js";
import { zip } from "../../src/placement/zip.js";
import { decodeJson } from "../../src/plugin/cty/json.js";
import { NUMBER } from "../../src/plugin/cty/type.js";
import { redact, redactText } from "../../src/plugin/logging/redaction.js";
import type { Answer } from "../../src/polyai/transport.js";
import { diagnose } from "../../src/provider/errors.js";
import { PolyaiError } from "../../src/polyai/errors.js";
import { decrypt, parseIdentities } from "../../src/provider/webhook-secret/age.js";
import { verifyWebhook } from "../../src/webhooks/verify.js";
import { version } from "../../package.json";
import { connect, ENDPOINT_ID } from "../unit/polyai/server.js";
import { temporaryFolder } from "./temporary-folder.js";

const MIB = 1024 * 1024;
const OWN_LIMIT_MS = 100;
/** Nobody waits for a command meanwhile, and a lock file is read to its last token. */
const LOCK_FILE_LIMIT_MS = 2000;
const repeated = (text: string): string => text.repeat(Math.ceil(MIB / text.length)).slice(0, MIB);
const json = JSON.stringify;

const TEXTS = {
  spaces: " ",
  lines: "\n",
  digits: "1",
  quotes: '"',
  "opened titles": "<title",
  "names of secrets": "signing_secret ",
  "beginnings of secrets": "whsec_",
  "cut marks": "whsec_…",
  escapes: "%25",
  entities: "&amp;",
  backslashes: "\\",
  marks: "\u0301\u0316",
  dates: "Tue, 24 Nov 2026 12:00:09 ",
  words: "many words ",
  providers: 'provider "registry.terraform.io/polyai/polyai" {\n',
  versions: "version = ",
  mirrors: "filesystem_mirror { path = ",
  installations: "provider_installation ",
} as const;

const nested = `${"[".repeat(MIB / 2)}${"]".repeat(MIB / 2)}`;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const secrets = numbers(30_000).map((n) => [`a${n}`, { signing_secret: `secret-${n}` }]);
const detail = numbers(400).map((n) => ({ loc: ["body", n], msg: "no ".repeat(99) }));
const manySecrets = json({ ...Object.fromEntries(secrets), detail });

/** The machine's own pace: V8's reader of JSON takes longest for this one. */
const paceMs = Math.min(
  ...numbers(5).map(() => {
    const begun = performance.now();
    JSON.parse(nested);
    return performance.now() - begun;
  }),
);
const LIMIT_MS = OWN_LIMIT_MS + paceMs;

const BODIES = new Map([
  ["deep nesting", nested],
  ["deep nesting in a field", `{"detail":${nested}}`],
  ["many secrets and field errors", manySecrets],
  [
    "many headers",
    json({ headers: Object.fromEntries(numbers(60_000).map((n) => [`h${n}`, "v"])) }),
  ],
]);
for (const [name, text] of Object.entries(TEXTS)) {
  const long = repeated(text);
  BODIES.set(name, long);
  BODIES.set(`a page of ${name}`, `<a ${long}`);
  BODIES.set(`a message of ${name}`, json({ message: long, signing_secret: long }));
  BODIES.set(`an object of ${name}`, json({ id: "whe_1", name: long, signing_secret: long }));
}

/** Asks the API, which gives this answer, and shows what came of it as the provider does. */
async function ask(answer: Omit<Answer, "answered">): Promise<void> {
  const send = async () => ({ answered: true as const, ...answer });
  const { client } = connect(
    "http://127.0.0.1:9",
    { maxRetries: 0, logger: { debug: shown, warn: shown } },
    { transport: () => ({ send, close: () => undefined }) },
  );
  const { webhookEndpoints, alertRules } = client;
  const calls = [
    () => webhookEndpoints.rotateSecret(ENDPOINT_ID),
    () => webhookEndpoints.get(ENDPOINT_ID),
    () => alertRules.list(),
  ];
  for (const call of calls) {
    await call().catch((failure: unknown) => {
      if (!(failure instanceof PolyaiError)) throw failure;
      shown(json(diagnose(failure, { action: "ask", attributes: ["name", "headers"] })));
    });
    // Each call is a turn of the loop, as it is with a network.
    await sleep(0);
  }
}

const shown = (message: string, fields: unknown = ""): void =>
  void redactText(message + json(fields));

const folder = temporaryFolder();
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const ENTRY = { address: "a", version: "1.2.3", constraints: "1.2.3", hashes: [] };

/** Each gets a text from outside, which it may refuse. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  headers: (text) => ask({ status: 503, headers: headersOf(text), body: Buffer.alloc(0) }),
  "a redirect": (text) => ask({ status: 307, headers: headersOf(text), body: Buffer.alloc(0) }),
  "a lock file": (text) => mergeLockEntry(parseLockFile(text, "lock"), ENTRY),
  "a CLI configuration": (text) => {
    const env = { TF_CLI_CONFIG_FILE: file("terraform.rc", text) };
    const surroundings = { env, platform: "linux", home: folder } as const;
    return [providerInstallation(surroundings), pluginCaches(surroundings)];
  },
  "a release with a file of that name": (text) => {
    const archive = zip([{ name: text.slice(0, 30_000), content: Buffer.from("x") }]);
    return choosePackages([file(`terraform-provider-polyai_${version}_linux_amd64.zip`, archive)]);
  },
  "a number": (text) => decodeJson(Buffer.from(json(text)), NUMBER),
  "a delivery": (text) => {
    const headers = { "x-polyai-timestamp": text, "x-polyai-signature": text };
    return verifyWebhook({ payload: text, headers, secrets: "secret" });
  },
  "a ciphertext": (text) => decrypt(`-----BEGIN AGE ENCRYPTED FILE-----\n${text}`, []),
  identities: (text) => parseIdentities(text),
};

const headersOf = (text: string) => ({
  "retry-after": text,
  "x-polyai-correlation-id": text,
  location: text,
});

const manyBlocks = numbers(30_000).map((n) => `provider "p${n}" {}\n`);

const PLACES: readonly (readonly [name: string, work: () => unknown])[] = [
  ["a lock file of many", () => READERS["a lock file"]?.(manyBlocks.join(""))],
  ...[...BODIES].flatMap(([name, text]) => {
    const answer = { headers: {}, body: Buffer.from(text) };
    return [200, 422].map(
      (status) => [`an answer ${status} with ${name}`, () => ask({ status, ...answer })] as const,
    );
  }),
  ...Object.entries(TEXTS).flatMap(([name, text]) => {
    const long = repeated(text);
    return Object.entries(READERS).map(
      ([place, read]) => [`${place} of ${name}`, () => read(long)] as const,
    );
  }),
];

/** The longest that work blocks the loop; of its own time, since the machine may be busy. */
async function longestBlock(work: () => unknown): Promise<number> {
  let [longest, at, used] = [0, performance.now(), process.cpuUsage()];
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(used);
    longest = Math.max(longest, Math.min(performance.now() - at, (user + system) / 1000));
    [at, used] = [performance.now(), process.cpuUsage()];
  }, 1);
  await sleep(5);
  try {
    await work();
  } catch {
    // Whatever cannot be read is refused.
  }
  await sleep(5);
  clearInterval(timer);
  return longest;
}

async function main(): Promise<void> {
  for (const n of numbers(100)) redact(`whsec_secret-number-${n}`);
  const blocks: Record<string, number> = {};
  for (const [name, work] of PLACES) {
    // Again if it was slow: the first time, code is compiled, and the machine may be busy.
    for (let run = 0; run < 10 && (blocks[name] ?? LIMIT_MS) >= LIMIT_MS; run++) {
      blocks[name] = await longestBlock(work);
    }
  }
  const slow = Object.entries(blocks).filter(
    ([name, block]) => block >= (name.startsWith("a lock file") ? LOCK_FILE_LIMIT_MS : LIMIT_MS),
  );
  console.log(json({ places: PLACES.length, slow }));
}

void main();
