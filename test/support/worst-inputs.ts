/**
 * Gives each place where text from outside is read its worst input, 1 MiB of it, and prints for
 * how long each blocked the event loop, in milliseconds.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pluginCaches, providerInstallation } from "../../src/cli/cli-configuration.js";
import { choosePackages } from "../../src/placement/release-zip.js";
import { mergeLockEntry, parseLockFile } from "../../src/placement/lock-file.js";
import { zip } from "../../src/placement/zip.js";
import { decodeJson } from "../../src/plugin/cty/json.js";
import { NUMBER } from "../../src/plugin/cty/type.js";
import { redact, redactText } from "../../src/plugin/logging/redaction.js";
import { PolyaiClient } from "../../src/polyai/client.js";
import { placeOf } from "../../src/polyai/regions.js";
import type { Answer } from "../../src/polyai/transport.js";
import { diagnose } from "../../src/provider/errors.js";
import { PolyaiError } from "../../src/polyai/errors.js";
import { decrypt, parseIdentities } from "../../src/provider/webhook-secret/age.js";
import { verifyWebhook } from "../../src/webhooks/verify.js";
import { version } from "../../package.json";

const MIB = 1024 * 1024;
const LIMIT_MS = 100;
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
const detail = Array.from({ length: 400 }, (_, index) => ({
  loc: ["body", index],
  msg: "no ".repeat(99),
}));
const manySecrets = `{${Array.from({ length: 30_000 }, (_, index) => `"a${String(index)}":{"signing_secret":"secret-${String(index)}"}`).join()},"detail":${json(detail)}}`;

const BODIES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.entries(TEXTS).flatMap(([name, text]) => [
      [name, repeated(text)],
      [`a page of ${name}`, `<a ${repeated(text)}`],
      [`a message of ${name}`, json({ message: repeated(text), signing_secret: repeated(text) })],
      [
        `an object of ${name}`,
        json({ id: "whe_1", name: repeated(text), signing_secret: repeated(text) }),
      ],
    ]),
  ),
  "deep nesting": nested,
  "deep nesting in a field": `{"detail":${nested}}`,
  "many secrets and field errors": manySecrets,
  "many headers": json({
    headers: Object.fromEntries(Array.from({ length: 60_000 }, (_, index) => [`h${index}`, "v"])),
  }),
};

const ID = "whe_9ZtRcXw3nByK5pVqMaEfJs";

/** Asks the API, which gives this answer, and shows what came of it as the provider does. */
async function ask(answer: Omit<Answer, "answered">): Promise<void> {
  const client = new PolyaiClient(
    {
      apiKey: "a-key-of-the-account",
      apiKeySource: "a test",
      place: placeOf(undefined, { value: "http://127.0.0.1:9", source: "a test" }),
      maxRetries: 0,
      requestTimeoutMs: 1000,
      userAgent: "test",
      redact,
      logger: { debug: shown, warn: shown },
    },
    {
      transport: () => ({
        send: async () => ({ answered: true, ...answer }),
        close: () => undefined,
      }),
    },
  );
  const { webhookEndpoints, alertRules } = client;
  const calls = [
    () => webhookEndpoints.rotateSecret(ID),
    () => webhookEndpoints.get(ID),
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

const folder = mkdtempSync(join(tmpdir(), "worst-"));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

/** Each gets a text from outside, which it may refuse. */
const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  headers: (text) => ask({ status: 503, headers: headersOf(text), body: Buffer.alloc(0) }),
  "a redirect": (text) => ask({ status: 307, headers: headersOf(text), body: Buffer.alloc(0) }),
  "a lock file": (text) =>
    mergeLockEntry(parseLockFile(text, "lock"), {
      address: "a",
      version: "1.2.3",
      constraints: "1.2.3",
      hashes: [],
    }),
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

const manyBlocks = Array.from({ length: 30_000 }, (_, index) => `provider "p${index}" {}\n`).join(
  "",
);

const PLACES: readonly (readonly [name: string, work: () => unknown])[] = [
  ["a lock file of many", () => READERS["a lock file"]?.(manyBlocks)],
  ...Object.entries(BODIES).flatMap(([name, text]) => {
    const body = Buffer.from(text);
    return [200, 422].map(
      (status) =>
        [`an answer ${status} with ${name}`, () => ask({ status, headers: {}, body })] as const,
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
  for (let index = 0; index < 100; index++) redact(`whsec_secret-number-${String(index)}`);
  const blocks: Record<string, number> = {};
  for (const [name, work] of PLACES) {
    // Again if it was slow: the first time, code is compiled, and the machine may be busy.
    for (let run = 0; run < 10 && (blocks[name] ?? LIMIT_MS) >= LIMIT_MS; run++) {
      blocks[name] = await longestBlock(work);
    }
  }
  rmSync(folder, { recursive: true });
  const slow = Object.entries(blocks).filter(
    ([name, block]) => block >= (name.startsWith("a lock file") ? LOCK_FILE_LIMIT_MS : LIMIT_MS),
  );
  console.log(json({ places: PLACES.length, slow }));
}

void main();
