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
import { UNKNOWN, type ObjectValue } from "../../src/plugin/cty/value.js";
import { hasErrors, type Diagnostic } from "../../src/plugin/framework/diagnostic.js";
import { createProviderServer } from "../../src/plugin/server/server.js";
import { createProvider } from "../../src/provider/provider.js";
import { startSimulator } from "../../src/simulator/index.js";
import { adviceIn } from "../support/advice.js";
import { age, ALICE, BOB } from "../support/age.js";
import { Host, NOTHING } from "../support/host.js";
import { beginWalk, ENDPOINT, Story, summaries } from "../support/provider.js";
import { temporaryFolder } from "../support/temporary-folder.js";
import { certificateFor } from "../unit/polyai/certificates.js";
import {
  beginStory,
  ciphertextIn,
  expectLive,
  host,
  importWith,
  setEnvironment,
  simulator,
  spoilRotation,
  story,
  TYPE,
} from "./secret-story.js";

const ENDPOINTS = "polyai_webhook_endpoint";
const ENCRYPTED = { encrypt_to: [ALICE.recipient] };
const USELESS = "age1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq5cu47z";

/** A step of the provider, and what it said. */
interface Step {
  readonly diagnostics: readonly Diagnostic[];
}

const refused = ({ diagnostics }: Step) => hasErrors(diagnostics);

/** The texts in which a row has met its message. */
let met: string[];
beforeEach(() => {
  met = [];
});
const told = ({ diagnostics }: Step) =>
  met.push(diagnostics.map(({ detail }) => detail).join("\n"));

/** Imports again, with the secret in the environment: nothing rotates. */
async function importKnown(secret: string, config: ObjectValue = {}): Promise<void> {
  const rotations = story.rotations();
  story.instance = NOTHING;
  await importWith(secret);
  await story.read();
  await story.apply(config);
  expect([story.state["signing_secret"], story.rotations()]).toEqual([secret, rotations]);
}

/** Moves a null_resource with these triggers. */
async function moveNull(triggers: Readonly<Record<string, string>>): Promise<Step> {
  const json = Buffer.from(JSON.stringify({ triggers }));
  const moved = await host.move("x/hashicorp/null null_resource", TYPE, json);
  story.instance = moved;
  return moved;
}

/** Plans what is wrong, and then adopts the current secret as initial_secret_wo: nothing rotates. */
async function adoptsAfter(wrong: ObjectValue): Promise<void> {
  told(await story.plan(wrong));
  const secret = story.current();
  await story.apply({ ...ENCRYPTED, initial_secret_wo: secret, initial_secret_wo_version: 1 });
  expect([await story.opened(ALICE.identity), story.rotations()]).toEqual([secret, 0]);
}

/** Two objects of one endpoint in one state: the first stays, and the second is destroyed. */
async function twoObjects(older: "first" | "second") {
  const { endpoint: endpoint_id } = story;
  const second = new Story(host, TYPE, { endpoint_id, on_destroy: "invalidate" });
  const [one, other] = older === "first" ? [story, second] : [second, story];
  await one.apply();
  // Of two objects of one millisecond, nobody can know the older.
  await sleep(2);
  setEnvironment({ POLYAI_SIGNING_SECRET: story.current() });
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

async function readsAfter(config: ObjectValue): Promise<void> {
  await beginWalk(host, simulator, config);
  told(await host.readDataSource("polyai_alert_rules"));
  simulator.clearFaults();
  await beginWalk(host, simulator);
  expect((await host.readDataSource("polyai_alert_rules")).diagnostics).toEqual([]);
}

type Headers = Readonly<Record<string, string>>;
async function takesAfter(wrong: Headers, right: Headers): Promise<void> {
  const complaints = (headers: Headers) =>
    host.validate(ENDPOINTS, { ...ENDPOINT, headers: new Map(Object.entries(headers)) });
  told({ diagnostics: await complaints(wrong) });
  expect(await complaints(right)).toEqual([]);
}

async function encryptsAfter(recipient: string): Promise<void> {
  const config = { endpoint_id: "whe_1", encrypt_to: [recipient] };
  told({ diagnostics: await host.validate(TYPE, config) });
  await story.apply(ENCRYPTED);
  expect(await story.opened(ALICE.identity)).toBe(story.current());
}

const sealed = async () => ciphertextIn(await story.apply(ENCRYPTED));
async function expectOpened(given: ObjectValue): Promise<void> {
  const { result } = await host.openEphemeral(TYPE, given);
  expect(result?.["signing_secret"]).toBe(story.current());
}
async function opensAfter(summary: string, wrong: Readonly<Record<string, string>>): Promise<void> {
  const { identity } = ALICE;
  const given = { encrypted_signing_secret: await sealed(), identity };
  const { diagnostics, result } = await host.openEphemeral(TYPE, { ...given, ...wrong });
  told({ diagnostics });
  expect([result, summaries(diagnostics)]).toEqual([null, [`error: ${summary}`]]);
  for (const unsaid of [...Object.values(wrong), "It comes from POLYAI_AGE_IDENTITY"]) {
    expect(met.join("\n")).not.toContain(unsaid);
  }
  await expectOpened(given);
}

const ROWS: Readonly<Record<string, () => Promise<void>>> = {
  "Look before you apply again, with the data source … for one: import it if it is there":
    async () => {
      const made = new Story(host, ENDPOINTS, ENDPOINT);
      simulator.setFault({ kind: "cut", afterActing: true, operation: "createWebhookEndpoint" });
      told(await made.attempt());
      const { state } = await host.readDataSource(`${ENDPOINTS}s`);
      const found = (state?.["endpoints"] as readonly ObjectValue[]).find(
        ({ name }) => name === ENDPOINT["name"],
      );
      await made.import(found?.["id"] as string);
      expect((await made.plan()).planned).toEqual(made.state);
    },
  "If this run deletes one, too, apply again": async () => {
    for (let count = 0; count < 8; count++) await simulator.createEndpoint();
    const { id } = await simulator.createEndpoint();
    const made = new Story(host, ENDPOINTS, ENDPOINT);
    told(await made.attempt());
    await simulator.deleteEndpoint(id);
    await made.apply();
  },
  "write a name such as müller.example as xn--mller-kva.example": async () => {
    const check = (url: string) => host.validate(ENDPOINTS, { ...ENDPOINT, url });
    told({ diagnostics: await check("https://müller.example/") });
    expect(await check("https://xn--mller-kva.example/")).toEqual([]);
  },
  "wait a little and plan again": async () => {
    const sleep = () => Promise.resolve();
    const host = await Host.start(createProviderServer(createProvider({ sleep })));
    await beginWalk(host, simulator);
    const made = new Story(host, ENDPOINTS, ENDPOINT);
    simulator.setFault({ kind: "status", status: 404, operation: "getWebhookEndpoint" });
    told(await made.attempt());
    told(await made.read());
    simulator.clearFaults();
    expect((await made.read()).diagnostics).toEqual([]);
    expect((await made.plan()).planned).toEqual(made.state);
  },
  "Check that the key is current, and check …": async () => {
    await story.configure({ api_key: "of-yesterday" });
    told(await story.plan());
    await story.configure({});
    await story.apply();
    expectLive();
  },
  "check the id, the API key and …": async () => {
    told(await story.plan({ endpoint_id: "whe_1" }));
    expect(refused(await story.plan())).toBe(false);
  },
  "take the resource out of the configuration, and then the others": async () => {
    await story.apply();
    await beginWalk(host, simulator);
    await story.read();
    told(await host.plan(TYPE, { endpoint_id: "whe_1" }));
    await beginWalk(host, simulator);
    await story.read();
    await story.applyPlan(await host.plan(TYPE, null, story.instance));
  },
  "This base URL has no such path: …. The request to … was answered with status 404 (Not Found). Check":
    () => readsAfter({ base_url: `${simulator.url}/no` }),
  "the API key must not travel there. Check the base URL.": () => {
    simulator.setFault({ kind: "redirect", location: "https://a.example" });
    return readsAfter({});
  },
  "Check the base URL, and proxies and gateways on the way.": () => {
    simulator.setFault({ kind: "html", status: 404 });
    return readsAfter({});
  },
  "name a file with the certificate of its authority in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS":
    async () => {
      const certificate = certificateFor("IP:127.0.0.1");
      const file = join(temporaryFolder(), "ca.pem");
      writeFileSync(file, certificate.cert);
      const server = createTlsServer(certificate, (socket) => {
        socket.pipe(connect(Number(new URL(simulator.url).port))).pipe(socket);
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const base_url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await story.configure({ base_url });
      told(await story.plan());
      for (const name of ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"]) {
        jest.replaceProperty(process, "env", { [name]: file });
        await story.apply({ rotation_trigger: name });
        expectLive();
      }
      server.close();
    },
  "Apply again later, with a lower -parallelism, or raise the provider's max_retries": async () => {
    const busy = { kind: "status", status: 429, retryAfter: 0, times: 1 } as const;
    spoilRotation(busy);
    told(await story.attempt());
    await story.apply();
    spoilRotation(busy);
    await story.configure({ max_retries: 1 });
    await story.apply({ rotation_trigger: "2" });
    expectLive();
  },
  "Set the variable, or the argument from a sensitive variable": async () => {
    const { apiKey, url: base_url } = simulator;
    const planned = async (config: ObjectValue, env: NodeJS.ProcessEnv = {}) => {
      jest.replaceProperty(process, "env", env);
      await host.configure(config);
      return host.plan(TYPE, { endpoint_id: UNKNOWN });
    };
    told(await planned({ base_url }));
    expect(refused(await planned({ base_url }, { POLYAI_API_KEY: apiKey }))).toBe(false);
    expect(refused(await planned({ base_url, api_key: apiKey }))).toBe(false);
  },
  "Write them into the configuration, or keep them with ignore_changes = [headers]": async () => {
    const headers = new Map([["Authorization", "Bearer 1"]]);
    const made = new Story(host, ENDPOINTS, { ...ENDPOINT });
    await made.apply({ headers });
    await made.import(made.id);
    await made.read();
    told(await made.plan());
    // With ignore_changes core hands the provider the headers of the state as configured.
    const kept = await made.plan({ headers });
    expect([kept.diagnostics, kept.planned]).toEqual([[], made.state]);
    await made.apply({ headers, name: "Other" });
    expect((await made.plan()).diagnostics).toEqual([]);
  },
  "Set the provider's region, base_url and api_key as they were. If the object really was deleted, remove it with":
    async () => {
      const created = await story.apply();
      const elsewhere = await startSimulator();
      await story.configure({ base_url: elsewhere.url, api_key: elsewhere.apiKey });
      told(await story.read());
      await story.configure({});
      expect(await story.read()).toMatchObject({ state: created, diagnostics: [] });
      story.instance = NOTHING;
      const { id } = await elsewhere.createEndpoint();
      await story.configure({ base_url: elsewhere.url, api_key: elsewhere.apiKey });
      expect(refused(await story.plan({ endpoint_id: id }))).toBe(false);
      await elsewhere.close();
    },
  "Give the secret as initial_secret_wo.": () =>
    adoptsAfter({ ...ENCRYPTED, initial_secret: story.current() }),
  "set both, or neither": async () => {
    expect(refused(await story.plan(ENCRYPTED))).toBe(false);
    await adoptsAfter({ ...ENCRYPTED, initial_secret_wo: "s" });
  },
  "Set encrypt_to too": () => adoptsAfter({ initial_secret_wo: "s", initial_secret_wo_version: 1 }),
  "leave … out then and change rotation_trigger, and applying rotates": async () => {
    told(await story.plan({ initial_secret: story.current() }));
    await story.apply();
    expectLive();
    const known = { initial_secret_wo: "s", initial_secret_wo_version: 1 };
    told(await story.plan({ ...ENCRYPTED, ...known }));
    await story.apply({ rotation_trigger: "2" });
    expectLive();
  },
  "To rotate, leave initial_secret_wo_version as it was": async () => {
    const initial_secret_wo = story.current();
    const known = (initial_secret_wo_version: number, rotation_trigger: string) => ({
      ...ENCRYPTED,
      initial_secret_wo,
      initial_secret_wo_version,
      rotation_trigger,
    });
    await story.apply(known(1, "1"));
    expect((await story.plan(known(2, "1"))).diagnostics).toEqual([]);
    told(await story.plan(known(2, "2")));
    await story.apply(known(1, "2"));
    expect(story.rotations()).toBe(1);
  },
  "To rotate in place, change rotation_trigger. To replace the resource, or to rename it without a moved block, leave … out: the new one rotates":
    async () => {
      const initial_secret = story.current();
      await story.apply({ initial_secret });
      await story.apply({ initial_secret, rotation_trigger: "1" });
      told(await story.planReplacement({ initial_secret }));
      await story.apply({ initial_secret, rotation_trigger: "2" });
      expectLive();
      await story.applyPlan(await story.planReplacement({}));
      expectLive();
      expect(story.rotations()).toBe(3);
    },
  "Import or move without the variable: the next apply rotates": async () => {
    told(await importWith("e\u0301"));
    await importWith(undefined);
    await story.apply();
    expectLive();
  },
  'Take it out of the state by a removed block or "terraform state rm" instead of moving it, and import the endpoint':
    async () => {
      told(await moveNull({}));
      await importKnown(story.current(), { rotation_trigger: "1" });
    },
  "plan and apply the move with the secret in POLYAI_SIGNING_SECRET": async () => {
    told(await moveNull({ endpoint: story.endpoint }));
    setEnvironment({ POLYAI_SIGNING_SECRET: story.current() });
    expect(summaries((await moveNull({ endpoint: story.endpoint })).diagnostics)).toEqual([
      "warning: POLYAI_SIGNING_SECRET is adopted without being checked",
    ]);
    await story.apply({ rotation_trigger: "1" });
    expectLive();
    expect(story.rotations()).toBe(0);
  },
  "change rotation_trigger then, in an apply after this one, and it rotates. A POLYAI_SIGNING_SECRET that is left set is taken for the next endpoint, too: unset it":
    async () => {
      told(await importWith("not-the-secret"));
      await story.apply({ rotation_trigger: "1" });
      await story.apply({ rotation_trigger: "2" });
      expectLive();
    },
  "Import one endpoint at a time while the variable is set": async () => {
    setEnvironment({ POLYAI_SIGNING_SECRET: story.current() });
    await story.configure({});
    await host.importState(TYPE, "whe_1");
    told(await host.importState(TYPE, story.endpoint));
    await importKnown(story.current(), { rotation_trigger: "1" });
  },
  "give its recipient, as `age-keygen -y` prints it": () => encryptsAfter(ALICE.identity),
  "make an age key with `age-keygen`": () => encryptsAfter("ssh-ed25519 AAAA"),
  "Remove one.": () => takesAfter({ A: "1", a: "2" }, { A: "1" }),
  "Choose another name.": () => takesAfter({ Host: "1" }, { "X-Host": "1" }),
  "to rotate by triggers alone, leave it out": async () => {
    told(await story.plan({ rotate_after_days: 10_000 }));
    expect(refused(await story.plan())).toBe(false);
  },
  "Make the recipients anew with age-keygen": async () => {
    const attempted = await story.attempt({ encrypt_to: [USELESS] });
    told(attempted);
    expect(attempted.diagnostics[0]?.attribute).toEqual(attributePath("encrypt_to"));
    expect(story.rotations()).toBe(0);
    await story.apply(ENCRYPTED);
    expect(await story.opened(ALICE.identity)).toBe(story.current());
  },
  "Set the argument identity, from an ephemeral variable, or the environment variable …":
    async () => {
      const encrypted_signing_secret = await sealed();
      const missing = await host.openEphemeral(TYPE, { encrypted_signing_secret });
      told(missing);
      expect(summaries(missing.diagnostics)).toEqual(["error: Missing age identity"]);
      await expectOpened({ encrypted_signing_secret, identity: ALICE.identity });
      setEnvironment({ POLYAI_AGE_IDENTITY: ALICE.identity });
      await expectOpened({ encrypted_signing_secret });
    },
  "Give the identity of one of the recipients that encrypt_to had": () =>
    opensAfter("Wrong age identity", { identity: BOB.identity }),
  "Give the encrypted_signing_secret of a polyai_webhook_secret that has encrypt_to": () =>
    opensAfter("Invalid encrypted_signing_secret", { encrypted_signing_secret: "whsec_oops" }),
  "Take it from the resource as it is, every line of it": async () => {
    const bytes = age.armor.decode(await sealed());
    const changed = age.armor.encode(bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1));
    await opensAfter("Invalid encrypted_signing_secret", { encrypted_signing_secret: changed });
  },
  "Apply again as soon as PolyAI can be reached: the next apply rotates once more": async () => {
    await story.apply();
    spoilRotation({ kind: "cut", afterActing: true, times: 1 });
    told(await story.attempt({ rotation_trigger: "1" }));
    await story.apply();
    expectLive();
  },
  "that secret is dead afterwards: rotate it there": async () => {
    const elsewhere = story.instance;
    await story.apply({ on_destroy: "invalidate" });
    told(await story.plan(null));
    const secret = story.current();
    await story.apply(null);
    story.instance = elsewhere;
    expect(story.current()).not.toBe(secret);
    await importKnown(secret);
    await story.apply({ rotation_trigger: "1" });
    expectLive();
  },
  'Set on_destroy = "invalidate" and apply before destroying': async () => {
    const { signing_secret } = await story.apply();
    told(await story.plan(null));
    await story.apply({ on_destroy: "invalidate" });
    await story.apply(null);
    expect(story.current()).not.toBe(signing_secret);
  },
  "give it as initial_secret (with encrypt_to, as initial_secret_wo), or run": async () => {
    const secret = story.current();
    told(await story.plan());
    await story.apply({ initial_secret: secret });
    expect([story.state["signing_secret"], story.rotations()]).toEqual([secret, 0]);
    await importKnown(secret);
  },
  'run "terraform state rm ADDRESS" and then "terraform import ADDRESS …"': async () => {
    const secret = story.current();
    await story.import(story.endpoint);
    await story.read();
    told(await story.plan());
    await importKnown(secret, { initial_secret: secret });
    const other = await simulator.rotateSecret(story.endpoint);
    told(await story.plan({ initial_secret: other }));
    await importKnown(other, { initial_secret: other });
    expect((await story.plan({ initial_secret: other })).diagnostics).toEqual([]);
  },
  "give it as initial_secret_wo, with an initial_secret_wo_version": async () => {
    await story.import(story.endpoint);
    await adoptsAfter(ENCRYPTED);
  },
  "Plan without -refresh=false, and if that does not help, first apply a change of rotation_trigger":
    async () => {
      for (const older of ["second", "first"] as const) {
        await beginStory();
        const plan = await twoObjects(older);
        told((await plan({}, { refresh: false })).kept);
        const helps = !refused((await plan({}, { refresh: true })).kept);
        expect(helps).toBe(older === "second");
        const config = helps ? {} : { rotation_trigger: "2" };
        if (!helps) await story.apply(config);
        const { kept, destroyed } = await plan(config, { refresh: true });
        expect((await host.apply(TYPE, destroyed)).diagnostics).toEqual([]);
        await story.applyPlan(kept);
        expectLive();
      }
    },
  "Nothing was rotated. Apply without -refresh=false, and with provider settings that are known at plan":
    async () => {
      const config = { endpoint_id: story.endpoint, on_destroy: "invalidate" };
      await story.apply(config);
      const { instance } = story;
      // A tainted object's destroy gets the private state of its successor.
      const replace = async (read: boolean) => {
        await beginWalk(host, simulator);
        if (read) await story.read();
        const creation = await host.plan(TYPE, config);
        const { plannedPrivate } = creation;
        const ended = { ...creation, prior: instance, config: null, planned: null, plannedPrivate };
        return { creation, diagnostics: (await host.apply(TYPE, ended)).diagnostics };
      };
      told(await replace(false));
      expect(story.rotations()).toBe(1);
      const { creation, diagnostics } = await replace(true);
      expect(diagnostics).toEqual([]);
      await story.applyPlan(creation);
      expectLive();
    },
  "Keep one polyai_webhook_secret for each endpoint, in one state": async () => {
    const plan = () => host.plan(TYPE, { endpoint_id: story.endpoint });
    await plan();
    told(await plan());
    await beginWalk(host, simulator);
    expect(refused(await plan())).toBe(false);
  },
};

describe("advice", () => {
  const messages = adviceIn("src/provider", "src/polyai");

  it("has a row for each message that gives it", () => {
    const rows = Object.keys(ROWS);
    expect(messages.filter((text) => !rows.some((row) => text.includes(row)))).toEqual([]);
    expect(rows.filter((row) => !messages.some((text) => text.includes(row)))).toEqual([]);
  });

  it.each(Object.entries(ROWS))("leads where it says: %s", async (words, follow) => {
    await follow();
    expect(met).not.toEqual([]);
    const said = new RegExp(words.split("…").map(escaped).join("[^]*"));
    for (const text of met) {
      expect(text).toMatch(said);
      expect(text).not.toMatch(/whsec_\w{8}|AGE-SECRET-KEY-1\w/);
    }
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
