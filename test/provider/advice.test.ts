/**
 * Advice that is tested. Each row meets a message that tells the reader to do something, does it, and
 * finds what the message promised.
 */
import { writeFileSync } from "node:fs";
import { connect, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createServer as createTlsServer } from "node:tls";
import { attributePath } from "../../src/plugin/cty/path.js";
import { UNKNOWN, type ObjectValue, type Value } from "../../src/plugin/cty/value.js";
import { hasErrors, type Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import { createProviderServer } from "../../src/plugin/server/server.js";
import { createProvider } from "../../src/provider/provider.js";
import { startSimulator, type Fault, type Simulator } from "../../src/simulator/index.js";
import { adviceIn } from "../support/advice.js";
import { ALICE, BOB } from "../support/age.js";
import { Host, NOTHING } from "../support/host.js";
import { beginWalk, ENDPOINT, startHost, Story } from "../support/provider.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { certificateFor } from "../unit/polyai/certificates.js";
import { ciphertextIn, SecretStory, TYPE } from "./secret-story.js";

const ENDPOINTS = "polyai_webhook_endpoint";
const ENCRYPTED = { encrypt_to: [ALICE.recipient] };
const USELESS = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z";

let simulator: Simulator;
let story: SecretStory;
beforeEach(async () => {
  simulator = await startSimulator();
  story = await SecretStory.begin(simulator);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await simulator.close();
});

type Told = (diagnostics: readonly Diagnostic[]) => void;

const spoil = (fault: Fault, operation: NonNullable<Fault["operation"]>) =>
  simulator.setFault({ ...fault, operation, times: 1 });
const refused = (walk: { readonly diagnostics: readonly Diagnostic[] }) =>
  hasErrors(walk.diagnostics);
const expectLive = () => expect(story.state["signing_secret"]).toBe(story.current());
const withSecret = (secret: string | undefined) =>
  jest.replaceProperty(process, "env", {
    ...process.env,
    POLYAI_SIGNING_SECRET: secret,
  });

/** Imports anew, with the secret in the environment: nothing rotates. */
async function importKnown(secret: string, config: ObjectValue = {}): Promise<void> {
  const rotations = story.rotations();
  story.instance = NOTHING;
  withSecret(secret);
  await story.configure({});
  await story.import(story.endpoint);
  await story.read();
  await story.apply(config);
  expect([story.state["signing_secret"], story.rotations()]).toEqual([secret, rotations]);
}

/** Moves a null_resource with these triggers. */
async function moveNull(
  triggers: Readonly<Record<string, string>>,
): Promise<readonly Diagnostic[]> {
  const json = Buffer.from(JSON.stringify({ triggers }));
  const moved = await story.host.move("x/hashicorp/null null_resource", TYPE, json);
  story.instance = moved;
  return moved.diagnostics;
}

/** Adopts the current secret as initial_secret_wo: nothing rotates. */
async function adoptEncrypted(): Promise<void> {
  const secret = story.current();
  await story.apply({ ...ENCRYPTED, initial_secret_wo: secret, initial_secret_wo_version: 1 });
  expect([await story.opened(ALICE.identity), story.rotations()]).toEqual([secret, 0]);
}

/** Two objects of one endpoint in one state: the first stays, and the second is destroyed. */
async function twoObjects(older: "first" | "second") {
  const { host, endpoint: endpoint_id } = story;
  const second = new Story(host, TYPE, { endpoint_id, on_destroy: "invalidate" });
  const [one, other] = older === "first" ? [story, second] : [second, story];
  await one.apply();
  // Of two objects of one millisecond, nobody can know the older.
  await sleep(2);
  withSecret(story.current());
  await beginWalk(host, simulator);
  await other.import(endpoint_id);
  await other.apply();
  return async (config: ObjectValue, { refresh }: { readonly refresh: boolean }) => {
    await beginWalk(host, simulator);
    if (refresh) for (const each of [story, second]) await each.read();
    const destroyed = await host.plan(TYPE, null, second.instance);
    return { destroyed, kept: await host.plan(TYPE, { endpoint_id, ...config }, story.instance) };
  };
}

const wrongPlace = async (told: Told, config: ObjectValue) => {
  const { host } = story;
  await beginWalk(host, simulator, config);
  told((await host.readDataSource("polyai_alert_rules")).diagnostics);
  simulator.clearFaults();
  await beginWalk(host, simulator);
  expect((await host.readDataSource("polyai_alert_rules")).diagnostics).toEqual([]);
};

const opens = async (given: ObjectValue) => {
  const { diagnostics, result } = await story.host.openEphemeral(TYPE, given);
  return { diagnostics, secret: result?.["signing_secret"] };
};
const sealed = async () => ({
  encrypted_signing_secret: ciphertextIn(await story.apply(ENCRYPTED)),
  identity: ALICE.identity,
});

const ROWS: Readonly<Record<string, (told: Told) => Promise<void>>> = {
  "Look before you apply again, with the data source … for one: import it if it is there": async (
    told,
  ) => {
    const made = new Story(story.host, ENDPOINTS, ENDPOINT);
    spoil({ kind: "cut", afterActing: true }, "createWebhookEndpoint");
    told((await made.attempt()).diagnostics);
    const { state } = await story.host.readDataSource(`${ENDPOINTS}s`);
    const found = (state?.["endpoints"] as readonly ObjectValue[]).find(
      ({ name }) => name === ENDPOINT["name"],
    );
    await made.import(found?.["id"] as string);
    expect((await made.plan()).planned).toEqual(made.state);
  },
  "wait a little and plan again before applying": async (told) => {
    const sleep = () => Promise.resolve();
    const host = await Host.start(createProviderServer(createProvider({ sleep })));
    await beginWalk(host, simulator);
    const made = new Story(host, ENDPOINTS, ENDPOINT);
    simulator.setFault({ kind: "status", status: 404, operation: "getWebhookEndpoint" });
    told((await made.attempt()).diagnostics);
    simulator.clearFaults();
    expect((await made.read()).diagnostics).toEqual([]);
    expect((await made.plan()).planned).toEqual(made.state);
  },
  "Check that the key is current, and check …": async (told) => {
    await story.configure({ api_key: "of-yesterday" });
    told((await story.plan()).diagnostics);
    await story.configure({});
    await story.apply();
    expectLive();
  },
  "check the id, the API key and …": async (told) => {
    told((await story.plan({ endpoint_id: "whe_1" })).diagnostics);
    expect(refused(await story.plan())).toBe(false);
  },
  "This base URL has no such path: …. The request to … was answered with status 404 (Not Found). Check":
    (told) => wrongPlace(told, { base_url: `${simulator.url}/no` }),
  "the API key must not travel there. Check the base URL.": (told) => {
    simulator.setFault({ kind: "redirect", location: "https://a.example" });
    return wrongPlace(told, {});
  },
  "Check the base URL, and proxies and gateways on the way.": (told) => {
    simulator.setFault({ kind: "html", status: 404 });
    return wrongPlace(told, {});
  },
  "name a file with the certificate of its authority in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS":
    async (told) => {
      const certificate = certificateFor("IP:127.0.0.1");
      const file = join(temporaryFolder(), "ca.pem");
      writeFileSync(file, certificate.cert);
      const server = createTlsServer(certificate, (socket) => {
        socket.pipe(connect(Number(new URL(simulator.url).port))).pipe(socket);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const base_url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await story.configure({ base_url });
      told((await story.plan()).diagnostics);
      for (const name of ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"]) {
        jest.replaceProperty(process, "env", { [name]: file });
        await story.apply({ rotation_trigger: name });
        expectLive();
      }
      server.close();
    },
  "Apply again later, with a lower -parallelism, or raise the provider's max_retries": async (
    told,
  ) => {
    const status = { kind: "status", status: 429, retryAfter: 0 } as const;
    spoil(status, "rotateWebhookSigningSecret");
    told((await story.attempt()).diagnostics);
    await story.apply();
    spoil(status, "rotateWebhookSigningSecret");
    await story.configure({ max_retries: 1 });
    await story.apply({ rotation_trigger: "2" });
    expectLive();
  },
  "Set the variable, or the argument from a sensitive variable": async (told) => {
    const { apiKey, url: base_url } = simulator;
    const { host } = story;
    const planned = async (config: ObjectValue, env: NodeJS.ProcessEnv = {}) => {
      jest.replaceProperty(process, "env", env);
      await host.configure(config);
      return (await host.plan(TYPE, { endpoint_id: UNKNOWN })).diagnostics;
    };
    told(await planned({ base_url }));
    expect(await planned({ base_url }, { POLYAI_API_KEY: apiKey })).toEqual([]);
    expect(await planned({ base_url, api_key: apiKey })).toEqual([]);
  },
  "Write them into the configuration, or keep them with ignore_changes = [headers]": async (
    told,
  ) => {
    const headers = new Map([["Authorization", "Bearer 1"]]);
    const made = new Story(story.host, ENDPOINTS, { ...ENDPOINT });
    await made.apply({ headers });
    await made.import(made.id);
    await made.read();
    told((await made.plan()).diagnostics);
    // With ignore_changes core hands the provider the headers of the state as configured.
    const kept = await made.plan({ headers });
    expect([kept.diagnostics, kept.planned]).toEqual([[], made.state]);
    await made.apply({ headers, name: "Other" });
    expect((await made.plan()).diagnostics).toEqual([]);
  },
  "Set the provider's region, base_url and api_key as they were. If the object really was deleted, remove it with":
    async (told) => {
      const created = await story.apply();
      const elsewhere = await startSimulator();
      await story.configure({ base_url: elsewhere.url, api_key: elsewhere.apiKey });
      told((await story.read()).diagnostics);
      await story.configure({});
      expect(await story.read()).toMatchObject({ state: created, diagnostics: [] });
      story.instance = NOTHING;
      const { id } = await elsewhere.createEndpoint();
      await story.configure({ base_url: elsewhere.url, api_key: elsewhere.apiKey });
      expect(refused(await story.plan({ endpoint_id: id }))).toBe(false);
      await elsewhere.close();
    },
  "Give the secret as initial_secret_wo.": async (told) => {
    told((await story.plan({ ...ENCRYPTED, initial_secret: story.current() })).diagnostics);
    await adoptEncrypted();
  },
  "set both, or neither": async (told) => {
    told((await story.plan({ ...ENCRYPTED, initial_secret_wo: "s" })).diagnostics);
    expect(refused(await story.plan(ENCRYPTED))).toBe(false);
    await adoptEncrypted();
  },
  "Set encrypt_to too": async (told) => {
    const known = { initial_secret_wo: "s", initial_secret_wo_version: 1 };
    told((await story.plan(known)).diagnostics);
    await adoptEncrypted();
  },
  "leave … out then and change rotation_trigger, and applying rotates": async (told) => {
    told((await story.plan({ initial_secret: story.current() })).diagnostics);
    await story.apply();
    expectLive();
    const known = { initial_secret_wo: "s", initial_secret_wo_version: 1 };
    told((await story.plan({ ...ENCRYPTED, ...known })).diagnostics);
    await story.apply({ rotation_trigger: "2" });
    expectLive();
  },
  "To rotate in place, change rotation_trigger. To replace the resource, or to rename it without a moved block, leave … out: the new one rotates":
    async (told) => {
      const initial_secret = story.current();
      await story.apply({ initial_secret });
      await story.apply({ initial_secret, rotation_trigger: "1" });
      told((await story.planReplacement({ initial_secret })).diagnostics);
      await story.apply({ initial_secret, rotation_trigger: "2" });
      expectLive();
      await story.applyPlan(await story.planReplacement({}));
      expectLive();
      expect(story.rotations()).toBe(3);
    },
  "Import or move without the variable: the next apply rotates": async (told) => {
    withSecret("e\u0301");
    await story.configure({});
    told((await story.import(story.endpoint)).diagnostics);
    withSecret(undefined);
    await story.configure({});
    await story.import(story.endpoint);
    await story.apply();
    expectLive();
  },
  'Take it out of the state by a removed block or "terraform state rm" instead of moving it, and import the endpoint':
    async (told) => {
      told(await moveNull({}));
      await importKnown(story.current(), { rotation_trigger: "1" });
    },
  "plan and apply the move with the secret in POLYAI_SIGNING_SECRET": async (told) => {
    told(await moveNull({ endpoint: story.endpoint }));
    withSecret(story.current());
    expect(await moveNull({ endpoint: story.endpoint })).toEqual([]);
    await story.apply({ rotation_trigger: "1" });
    expectLive();
    expect(story.rotations()).toBe(0);
  },
  "Import one endpoint at a time while the variable is set": async (told) => {
    withSecret(story.current());
    const host = await startHost(simulator);
    await host.importState(TYPE, "whe_1");
    told((await host.importState(TYPE, story.endpoint)).diagnostics);
    await importKnown(story.current(), { rotation_trigger: "1" });
  },
  "give its recipient, as `age-keygen -y` prints it": (told) => encryptsAfter(told, ALICE.identity),
  "make an age key with `age-keygen`": (told) => encryptsAfter(told, "ssh-ed25519 AAAA"),
  "Remove one.": (told) =>
    takesAfter(
      told,
      [
        ["A", "1"],
        ["a", "2"],
      ],
      [["A", "1"]],
    ),
  "Choose another name.": (told) => takesAfter(told, [["Host", "1"]], [["X-Host", "1"]]),
  "to rotate by triggers alone, leave it out": async (told) => {
    told((await story.plan({ rotate_after_days: 10_000 })).diagnostics);
    expect(refused(await story.plan())).toBe(false);
  },
  "Make the recipients anew with age-keygen": async (told) => {
    const { diagnostics } = await story.attempt({ encrypt_to: [USELESS] });
    told(diagnostics);
    expect(diagnostics[0]?.attribute).toEqual(attributePath("encrypt_to"));
    expect(story.rotations()).toBe(0);
    await story.apply(ENCRYPTED);
    expect(await story.opened(ALICE.identity)).toBe(story.current());
  },
  "Set the argument identity, from an ephemeral variable, or the environment variable …": async (
    told,
  ) => {
    const { encrypted_signing_secret, identity } = await sealed();
    told((await opens({ encrypted_signing_secret })).diagnostics);
    expect((await opens({ encrypted_signing_secret, identity })).secret).toBe(story.current());
    jest.replaceProperty(process, "env", { POLYAI_AGE_IDENTITY: identity });
    expect((await opens({ encrypted_signing_secret })).secret).toBe(story.current());
  },
  "Give the identity of one of the recipients that encrypt_to had": (told) =>
    opensAfter(told, { identity: BOB.identity }),
  "Give the encrypted_signing_secret of a polyai_webhook_secret that has encrypt_to": (told) =>
    opensAfter(told, { encrypted_signing_secret: "none" }),
  "Take it from the resource as it is, every line of it": async (told) =>
    opensAfter(told, {
      encrypted_signing_secret: (await sealed()).encrypted_signing_secret.slice(0, 100),
    }),
  "Apply again as soon as PolyAI can be reached: the next apply rotates once more": async (
    told,
  ) => {
    await story.apply();
    spoil({ kind: "cut", afterActing: true }, "rotateWebhookSigningSecret");
    told((await story.attempt({ rotation_trigger: "1" })).diagnostics);
    await story.apply();
    expectLive();
  },
  "that secret is dead afterwards: rotate it there": async (told) => {
    const elsewhere = story.instance;
    await story.apply({ on_destroy: "invalidate" });
    told((await story.plan(null)).diagnostics);
    const secret = story.current();
    await story.apply(null);
    story.instance = elsewhere;
    expect(story.current()).not.toBe(secret);
    await importKnown(secret);
    await story.apply({ rotation_trigger: "1" });
    expectLive();
  },
  'Set on_destroy = "invalidate" and apply before destroying': async (told) => {
    const { signing_secret } = await story.apply();
    told((await story.plan(null)).diagnostics);
    await story.apply({ on_destroy: "invalidate" });
    await story.apply(null);
    expect(story.current()).not.toBe(signing_secret);
  },
  "give it as initial_secret (with encrypt_to, as initial_secret_wo), or run": async (told) => {
    const secret = story.current();
    told((await story.plan()).diagnostics);
    await story.apply({ initial_secret: secret });
    expect([story.state["signing_secret"], story.rotations()]).toEqual([secret, 0]);
    await importKnown(secret);
  },
  'run "terraform state rm ADDRESS" and then "terraform import ADDRESS …"': async (told) => {
    const secret = story.current();
    await story.import(story.endpoint);
    await story.read();
    told((await story.plan()).diagnostics);
    await importKnown(secret, { initial_secret: secret });
    const other = await simulator.rotateSecret(story.endpoint);
    told((await story.plan({ initial_secret: other })).diagnostics);
    await importKnown(other, { initial_secret: other });
    expect((await story.plan({ initial_secret: other })).diagnostics).toEqual([]);
  },
  "give it as initial_secret_wo, with an initial_secret_wo_version": async (told) => {
    await story.import(story.endpoint);
    told((await story.plan(ENCRYPTED)).diagnostics);
    await adoptEncrypted();
  },
  "Plan without -refresh=false, and if that does not help, first apply a change of rotation_trigger":
    async (told) => {
      for (const older of ["second", "first"] as const) {
        story = await SecretStory.begin(simulator);
        const plan = await twoObjects(older);
        told((await plan({}, { refresh: false })).kept.diagnostics);
        const helps = !refused((await plan({}, { refresh: true })).kept);
        expect(helps).toBe(older === "second");
        const config = helps ? {} : { rotation_trigger: "2" };
        if (!helps) await story.apply(config);
        const { kept, destroyed } = await plan(config, { refresh: true });
        expect((await story.host.apply(TYPE, destroyed)).diagnostics).toEqual([]);
        await story.applyPlan(kept);
        expectLive();
      }
    },
  "Nothing was rotated. Apply without -refresh=false": async (told) => {
    const config = { endpoint_id: story.endpoint, on_destroy: "invalidate" };
    await story.apply(config);
    const { host, instance } = story;
    // A tainted object's destroy gets the private state of its successor.
    const replace = async (read: boolean) => {
      await beginWalk(host, simulator);
      if (read) await story.read();
      const creation = await host.plan(TYPE, config);
      const { plannedPrivate } = creation;
      const ended = { ...creation, prior: instance, config: null, planned: null, plannedPrivate };
      return { creation, diagnostics: (await host.apply(TYPE, ended)).diagnostics };
    };
    told((await replace(false)).diagnostics);
    expect(story.rotations()).toBe(1);
    const { creation, diagnostics } = await replace(true);
    expect(diagnostics).toEqual([]);
    await story.applyPlan(creation);
    expectLive();
  },
  "Keep one polyai_webhook_secret for each endpoint, in one state": async (told) => {
    const { host, endpoint: endpoint_id } = story;
    const plan = async () => (await host.plan(TYPE, { endpoint_id })).diagnostics;
    await plan();
    told(await plan());
    await beginWalk(host, simulator);
    expect(hasErrors(await plan())).toBe(false);
  },
};

type Headers = readonly (readonly [string, string])[];
async function takesAfter(told: Told, wrong: Headers, right: Headers): Promise<void> {
  const complaints = (headers: Headers) =>
    story.host.validate(ENDPOINTS, { ...ENDPOINT, headers: new Map(headers) });
  told(await complaints(wrong));
  expect(await complaints(right)).toEqual([]);
}

async function encryptsAfter(told: Told, recipient: string): Promise<void> {
  told(await story.host.validate(TYPE, { endpoint_id: "whe_1", encrypt_to: [recipient] }));
  await story.apply(ENCRYPTED);
  expect(await story.opened(ALICE.identity)).toBe(story.current());
}

async function opensAfter(told: Told, wrong: Readonly<Record<string, Value>>): Promise<void> {
  const given = await sealed();
  told((await opens({ ...given, ...wrong })).diagnostics);
  expect((await opens(given)).secret).toBe(story.current());
}

describe("advice", () => {
  const messages = adviceIn("src/provider", "src/polyai");

  it("has a row for each message that gives it", () => {
    const rows = Object.keys(ROWS);
    expect(messages.filter((text) => !rows.some((row) => text.includes(row)))).toEqual([]);
    expect(rows.filter((row) => !messages.some((text) => text.includes(row)))).toEqual([]);
  });

  it.each(Object.entries(ROWS))("leads where it says: %s", async (words, follow) => {
    const said = new RegExp(words.split("…").map(escaped).join("[^]*"));
    let met = 0;
    await follow((diagnostics) => {
      expect(diagnostics.map(({ detail }) => detail).join("\n")).toMatch(said);
      met += 1;
    });
    expect(met).toBeGreaterThan(0);
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
