/** Takes over what people rotated a secret with before: the move itself asks PolyAI for nothing. */
import { randomUUID } from "node:crypto";
import { error, warning, DiagnosticError } from "../../plugin/framework/diagnostic.js";
import type { MoveSource } from "../../plugin/framework/resource.js";
import { webhookEndpointId } from "../ids.js";
import { KnownSecret, takenOver } from "./adopt.js";
import type { Private } from "./private.js";
import { knownSecretProblem, stateOfKnownSecret, stateWithoutSecret } from "./schema.js";

interface Source {
  /** The attributes that may name the endpoint, the surest first. */
  readonly endpoint: readonly string[];
  /** The attribute whose change rotated. */
  readonly trigger: string;
  /** The attributes that may hold a `signing_secret`, the surest first. */
  readonly secret: readonly string[];
  /** The attribute by which an update may have rotated, with an answer that is not kept. */
  readonly outdatedBy?: string;
}

/** By the provider, without its registry, and the resource type. */
const SOURCES: Readonly<Record<string, Source>> = {
  // It keeps the answer to its creation, and of what an update brings only the next read. force_new
  // creates it anew.
  "mastercard/restapi restapi_object": {
    endpoint: ["object_id", "create_path", "path", "id"],
    trigger: "force_new",
    secret: ["create_response"],
    outdatedBy: "update_path",
  },
  // Another body repeats the call in place. The output is the last answer; the id is a path.
  "magodo/restful restful_operation": {
    endpoint: ["path", "id"],
    trigger: "body",
    secret: ["output"],
  },
  // Its provisioner runs again for triggers_replace alone. The others are for any value to keep.
  "builtin/terraform terraform_data": {
    endpoint: ["triggers_replace", "input", "output"],
    trigger: "triggers_replace",
    secret: ["output", "input"],
  },
  // It has nothing else.
  "hashicorp/null null_resource": {
    endpoint: ["triggers"],
    trigger: "triggers",
    secret: ["triggers"],
  },
};

export function moveState({ providerAddress, typeName, state: stored }: MoveSource) {
  const provider = providerAddress.split("/").slice(-2).join("/").toLowerCase();
  const source = SOURCES[`${provider} ${typeName}`];
  if (source === undefined) {
    const known = Object.keys(SOURCES).map((each) => each.split(" ").reverse().join(" of "));
    throw new DiagnosticError(
      error(
        "Move not supported",
        `A polyai_webhook_secret can be moved from ${known.join(", ")}, not from ${typeName} of ${provider}.`,
      ),
    );
  }
  const at = (name: string) => plain(stored[name]);
  const refuse = (problem: string, names: readonly string[]): never => {
    throw new DiagnosticError(
      error(
        `Could not move ${typeName}`,
        `${problem} in ${names.join(", ")} of its state. Take it out of the state by a removed block or "terraform state rm" instead of moving it, and import the endpoint.`,
      ),
    );
  };
  /** In the first attribute that has one. */
  const only = (names: readonly string[], noun: string, find: (value: Json) => string[]) => {
    for (const name of names) {
      const found = new Set(find(at(name)));
      if (found.size > 1) refuse(`There is more than one ${noun}`, [name]);
      for (const one of found) return one;
    }
    return undefined;
  };

  const id =
    only(source.endpoint, "webhook endpoint's id", endpointsIn) ??
    refuse("There is no webhook endpoint's id (whe_…)", source.endpoint);
  const outdated = source.outdatedBy !== undefined && at(source.outdatedBy) !== null;
  const held = outdated ? undefined : only(source.secret, "signing_secret", secretsIn);
  const secret = held ?? fromEnvironment(id);
  const triggers = triggersOf(at(source.trigger), id);
  const instance = randomUUID();
  if (secret === undefined) {
    const doubt = outdated
      ? `, or none that is certain to be the last, since ${source.outdatedBy} is set`
      : "";
    const note = warning(
      `The state of ${typeName} holds no valid secret of ${id}`,
      `There is no signing_secret in ${source.secret.join(", ")}${doubt}. To keep the current secret, if you know it, plan and apply the move with the secret in POLYAI_SIGNING_SECRET.`,
    );
    return {
      state: { ...stateWithoutSecret(id), ...triggers },
      privateState: { instance },
      diagnostics: [note],
    };
  }
  const privateState: Private = {
    instance,
    adoptedAt: new Date().toISOString(),
    ...(held !== undefined && { ageUnknown: true }),
    ...(triggers === undefined && { adopting: true }),
  };
  return {
    state: {
      ...stateOfKnownSecret(id, secret, `moved from ${typeName}`),
      // Null makes the first apply an update, which records the triggers without rotating.
      ...(triggers ?? { on_destroy: null }),
    },
    privateState,
    diagnostics: [
      takenOver(held === undefined ? "POLYAI_SIGNING_SECRET" : `The secret of ${typeName}`),
    ],
  };
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** An attribute's value. One of any type stands beside its type. */
function plain(value: unknown): Json {
  if (typeof value !== "object" || value === null) return (value ?? null) as Json;
  const keys = Object.keys(value).sort().join();
  return keys === "type,value" ? plain((value as { value: unknown }).value) : (value as Json);
}

/** Every text in a value, with the key that it stands under. JSON in a text is read. */
function* textsIn(value: Json, key = ""): Generator<readonly [key: string, text: string]> {
  if (typeof value === "string") {
    const parsed = parse(value);
    if (typeof parsed === "object" && parsed !== null) yield* textsIn(parsed, key);
    else yield [key, value];
  } else if (typeof value === "object" && value !== null) {
    for (const [name, each] of Object.entries(value)) yield* textsIn(each, name);
  }
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    // The error would quote the text, which may be a secret.
    return null;
  }
}

const isEndpointId = (text: string): boolean => webhookEndpointId(text) === undefined;

/** A path names the endpoint too. */
const endpointsIn = (value: Json): string[] =>
  [...textsIn(value)].flatMap(([, text]) => text.split(/\W+/).filter(isEndpointId));

const secretsIn = (value: Json): string[] =>
  [...textsIn(value)].flatMap(([key, text]) =>
    key === "signing_secret" && knownSecretProblem(text) === undefined ? [text] : [],
  );

/**
 * The triggers as this resource has them: a text as rotation_trigger, also if it stands alone in a
 * list, and a map as rotation_triggers. Undefined if there is none, or none of such a shape. The
 * endpoint and its secret are no triggers. Nor is an empty text, except in a map: there it differs
 * from no element.
 */
function triggersOf(value: Json, id: string) {
  const isMap = typeof value === "object" && !Array.isArray(value);
  const isTrigger = (each: Json) =>
    each !== null &&
    (isMap || each !== "") &&
    !(typeof each === "string" && endpointsIn(each).includes(id));
  if (!isTrigger(value)) return undefined;
  if (hasText(value)) return { rotation_trigger: String(value) };
  const given = Object.entries(value ?? {}).filter(
    ([key, each]) => key !== "signing_secret" && isTrigger(each),
  );
  const texts = given.flatMap(([key, each]) =>
    hasText(each) ? [[key, String(each)] as const] : [],
  );
  if (texts.length === 0 || texts.length < given.length) return undefined;
  if (isMap) return { rotation_triggers: new Map(texts) };
  return texts.length === 1 ? { rotation_trigger: texts[0]?.[1] ?? null } : undefined;
}

/** True for a value whose text is the same here and in a configuration: no number such as 1e21. */
const hasText = (value: Json): value is boolean | number | string =>
  typeof value === "number"
    ? Number.isSafeInteger(value)
    : value !== null && typeof value !== "object";

let known: { readonly secret: string; readonly of: KnownSecret } | undefined;

/** POLYAI_SIGNING_SECRET, which is the secret of one endpoint. Core moves before it configures. */
function fromEnvironment(id: string): string | undefined {
  const secret = process.env["POLYAI_SIGNING_SECRET"];
  if (secret === undefined || secret === "") return undefined;
  if (known?.secret !== secret) known = { secret, of: new KnownSecret(secret) };
  return known.of.adoptFor(id);
}
