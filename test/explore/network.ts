import { Simulation } from "../../src/simulator/simulation.js";
import type { Operation } from "../../src/polyai/operation.js";
import type { Answer, NoAnswer, Transport, TransportOptions } from "../../src/polyai/transport.js";
import { SecretNames, type Spelling } from "./secret-names.js";
import type { Time } from "./time.js";

/** What becomes of one request. Milliseconds until it acts, and then until its answer arrives. */
export interface Fate {
  readonly wait: number;
  readonly back: number;
  readonly end: End;
}

export type End =
  | { readonly kind: "answered" }
  /** No connection was made. */
  | { readonly kind: "unsent" }
  /** The connection breaks, before or after the API acts. */
  | { readonly kind: "lost"; readonly acted: boolean }
  /** The client's time limit passes, before or after the API acts. */
  | { readonly kind: "hung"; readonly acted: boolean }
  /** The client's time limit passes, and the API acts a minute later. */
  | { readonly kind: "late" }
  /** The API acts once more, unasked, after it has answered. */
  | { readonly kind: "repeated" }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly acted: boolean;
      readonly retryAfter?: number;
      /** A gateway's page instead of PolyAI's error. */
      readonly page?: boolean;
    }
  /** The API acts, and its answer is spoilt: the secret's text, or the JSON around it. */
  | { readonly kind: "spelt"; readonly as: Exclude<Spelling, "plain"> }
  | { readonly kind: "spoilt"; readonly body: "{}" | "<html>" | '{"signing_secret":""}' };

export const CLEAN: Fate = { wait: 0, back: 0, end: { kind: "answered" } };

/** One request to rotate or to change anything else. */
export interface Written {
  readonly command: number;
  readonly rotates: string | undefined;
  readonly method: string;
  /** How often the API has carried it out. */
  acted: number;
  /** The client has got the answer as the API gave it. */
  clean: boolean;
  /** The API acted after the client had gone on. */
  readonly tooLate: boolean;
}

/** The process that sends: a killed one sends nothing more and hears nothing more. */
export interface Sender {
  readonly dead: boolean;
}

const KEY = "home-key-1";
const HOSTS = { "api.us.poly.ai": "us", "api.uk.poly.ai": "uk" } as const;

/** PolyAI's accounts, and the way to them. */
export class Network {
  readonly home = account();
  readonly other = account();
  /** The keys of the home account that are valid. */
  readonly keys = new Set([KEY]);
  readonly written: Written[] = [];
  /** By endpoint, the request that rotated its secret last. */
  readonly lastRotation = new Map<string, Written>();
  readonly secrets = new SecretNames();
  /** What becomes of the command's next requests that read, and that write. */
  reads: Fate[] = [];
  writes: Fate[] = [];
  command = 0;

  constructor(private readonly time: Time) {}

  get key(): string {
    return [...this.keys][0] ?? KEY;
  }

  /** The secret that the endpoint's deliveries are signed with; undefined if it is gone. */
  live(endpoint: string): string | undefined {
    for (const { currentSecret } of [this.home, this.other].map((each) => ({
      currentSecret: () => each.currentSecret(endpoint),
    }))) {
      try {
        return this.secrets.nameOf(currentSecret());
      } catch (failure) {
        if (!(failure instanceof RangeError)) throw failure;
      }
    }
    return undefined;
  }

  readonly transportOf =
    (sender: Sender) =>
    (options: TransportOptions): Transport => ({
      send: (operation, path) =>
        new Promise((resolve) => {
          if (!sender.dead) this.#send(options, operation, path, resolve);
        }),
      close: () => undefined,
    });

  #send(
    options: TransportOptions,
    { method, query, body, id }: Operation<unknown>,
    path: string,
    answer: (answer: Answer | NoAnswer) => void,
  ): void {
    const fates = method === "GET" ? this.reads : this.writes;
    const { wait, back, end } = fates.shift() ?? CLEAN;
    const { command } = this;
    const give = (given: Answer | NoAnswer) => this.time.after(back, () => answer(given));
    const writes: Written = {
      command,
      rotates: path.endsWith("/rotate-secret") ? id : undefined,
      method,
      acted: 0,
      clean: false,
      tooLate: end.kind === "late" || end.kind === "repeated",
    };
    if (method !== "GET") this.written.push(writes);
    const act = (spelling: Spelling = "plain"): Answer => {
      const query_ = new URLSearchParams((query ?? {}) as Record<string, string>).toString();
      const given = this.#ask(options, method, query_ ? `${path}?${query_}` : path, body);
      if (given.status < 300) {
        writes.acted++;
        if (writes.rotates !== undefined) this.lastRotation.set(writes.rotates, writes);
      }
      const text = this.secrets.rename(given.body.toString(), spelling);
      return { ...given, body: Buffer.from(text) };
    };
    const failed = (kind: "network" | "timeout", sent: boolean): NoAnswer => ({
      answered: false,
      kind,
      reason: kind === "timeout" ? "no complete answer within 30 s" : "the connection was closed",
      sent,
      transient: true,
    });

    this.time.after(wait, () => {
      switch (end.kind) {
        case "answered":
          writes.clean = true;
          return give(act());
        case "unsent":
          return give(failed("network", false));
        case "lost":
          if (end.acted) act();
          return give(failed("network", true));
        case "hung":
        case "late":
          if (end.kind === "hung" && end.acted) act();
          if (end.kind === "late") this.time.after(options.timeoutMs + 60_000, act);
          return this.time.after(options.timeoutMs, () => answer(failed("timeout", true)));
        case "repeated":
          this.time.after(back + 1, act);
          return give(act());
        case "status": {
          if (end.acted) act();
          const headers = {
            ...(end.retryAfter === undefined ? {} : { "retry-after": String(end.retryAfter) }),
            ...(end.status < 400 ? { location: "https://elsewhere.example/" } : {}),
          };
          const text = end.page ? "<html>not here</html>" : '{"message":"as the fault says"}';
          return give({ answered: true, status: end.status, headers, body: Buffer.from(text) });
        }
        case "spelt":
          return give(act(end.as));
        case "spoilt":
          return give({ ...act(), body: Buffer.from(end.body) });
      }
    });
  }

  #ask(options: TransportOptions, method: string, target: string, body?: object): Answer {
    const { baseUrl, headers } = options;
    const key = headers["x-api-key"] ?? "";
    if (baseUrl.pathname !== "/") return page(404, '{"message":"Not Found"}');
    const region = HOSTS[baseUrl.host as keyof typeof HOSTS];
    const sim = region === "uk" || key === "other-key" ? this.other : this.home;
    const known = sim === this.other || this.keys.has(key);
    const exchange = sim.begin({
      method,
      target,
      apiKey: known ? sim.apiKey : key,
      ...(body === undefined
        ? {}
        : { contentType: "application/json", body: JSON.stringify(body) }),
    });
    const { answer } = exchange.act();
    exchange.end();
    if (answer === null) throw new Error("the simulation has a fault of its own");
    return { ...page(answer.status, answer.text), headers: answer.headers };
  }
}

const page = (status: number, text: string): Answer => ({
  answered: true,
  status,
  headers: {},
  body: Buffer.from(text),
});

const account = (): Simulation =>
  new Simulation({}, () => Promise.reject(new Error("nothing is delivered here")));
