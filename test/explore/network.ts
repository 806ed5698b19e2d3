import { Simulation } from "../../src/simulator/simulation.js";
import type { Operation } from "../../src/polyai/operation.js";
import type { Answer, NoAnswer, Transport, TransportOptions } from "../../src/polyai/transport.js";
import { isSpelling, SecretNames, type Spelling } from "./secret-names.js";
import type { Time } from "./time.js";

/** The fate of one request. */
export interface Fate {
  /** Milliseconds, and one more, until the API acts, and from then until the answer arrives. */
  readonly wait: number;
  readonly back: number;
  /** Late: a minute after the client has given it up. Again: once more, after the answer. */
  readonly acts: "once" | "never" | "late" | "again";
  readonly answer:
    | Spelling
    /** The connection breaks; or no answer comes in time; or no connection is made. */
    | "lost"
    | "hung"
    | "unsent"
    /** An error of PolyAI, or a gateway's page. */
    | { readonly status: number; readonly retryAfter?: number; readonly page?: boolean }
    /** A success whose JSON is spoilt. */
    | { readonly body: string };
}

export const CLEAN: Fate = { wait: 0, back: 0, acts: "once", answer: "plain" };

/** One request to rotate or to change anything else. */
export interface Written {
  readonly command: number;
  /** The endpoint whose secret it rotates. */
  readonly rotates: string | undefined;
  /** How often the API has carried it out. */
  acted: number;
  /** The client has got the answer as the API gave it. */
  readonly clean: boolean;
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
  /** The fates of the command's next requests that read, and that write. */
  reads: Fate[] = [];
  writes: Fate[] = [];
  command = 0;

  constructor(private readonly time: Pick<Time, "after">) {}

  /** Makes the endpoints that are there from the start; gives their ids by the names in histories. */
  async begin(): Promise<Readonly<Record<string, string>>> {
    const [one, two] = [await this.home.createEndpoint(), await this.home.createEndpoint()];
    return { E1: one.id, E2: two.id };
  }

  get key(): string {
    return [...this.keys][0] ?? KEY;
  }

  /** The secret that the endpoint's deliveries are signed with; undefined if it is gone. */
  live(endpoint: string): string | undefined {
    try {
      return this.secrets.nameOf(this.home.currentSecret(endpoint));
    } catch (failure) {
      if (failure instanceof RangeError) return undefined;
      throw failure;
    }
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
    const fate = fates.shift() ?? CLEAN;
    const written: Written = {
      command: this.command,
      rotates: path.endsWith("/rotate-secret") ? id : undefined,
      acted: 0,
      clean: fate.acts === "once" && fate.answer === "plain",
      tooLate: fate.acts === "late" || fate.acts === "again",
    };
    if (method !== "GET") this.written.push(written);
    const search = new URLSearchParams((query ?? {}) as Record<string, string>).toString();
    const act = (): Answer => {
      const given = this.#ask(options, method, search ? `${path}?${search}` : path, body);
      if (given.status < 300) written.acted++;
      if (given.status < 300 && id && written.rotates) this.lastRotation.set(id, written);
      const spelling = isSpelling(fate.answer) ? fate.answer : "plain";
      return { ...given, body: Buffer.from(this.secrets.rename(given.body.toString(), spelling)) };
    };
    this.time.after(fate.wait + 1, () => {
      const right = fate.acts === "once" || fate.acts === "again" ? act() : undefined;
      const given = answered(fate.answer, right);
      this.time.after(fate.answer === "hung" ? options.timeoutMs : fate.back, () => answer(given));
      if (fate.acts === "late") this.time.after(options.timeoutMs + 60_000, act);
      if (fate.acts === "again") this.time.after(fate.back + 1, act);
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

function answered(as: Fate["answer"], right: Answer | undefined): Answer | NoAnswer {
  if (typeof as === "object" && "status" in as) {
    const { status, retryAfter, page: isPage } = as;
    const headers = {
      ...(retryAfter === undefined ? {} : { "retry-after": String(retryAfter) }),
      ...(status < 400 ? { location: "https://elsewhere.example/" } : {}),
    };
    const text = isPage ? "<html>not here</html>" : '{"message":"as the fault says"}';
    return { ...page(status, text), headers };
  }
  if (typeof as === "object") return page(200, as.body);
  if (right !== undefined && isSpelling(as)) return right;
  return {
    answered: false,
    kind: as === "hung" ? "timeout" : "network",
    reason: as === "hung" ? "no complete answer within 30 s" : "the connection was closed",
    sent: as !== "unsent",
    transient: true,
  };
}

const page = (status: number, text: string): Answer => ({
  answered: true,
  status,
  headers: {},
  body: Buffer.from(text),
});

const account = (): Simulation =>
  new Simulation({}, () => Promise.reject(new Error("nothing is delivered here")));
