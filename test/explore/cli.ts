/** Plays a history on a real CLI, and gives its course in the words of the model. */
import type { Workspace } from "../support/workspace.js";
import { edited, isEdit } from "./edit.js";
import { KEYS, type Front } from "./front.js";
import { RUN, withRuns, type History, type Run } from "./history.js";
import type { Network } from "./network.js";
import { play } from "./play.js";
import type { Configuration, Configured } from "./state.js";
import { ENDPOINT } from "./world.js";

/** After each command, the objects and the rotations; and at the end the next plan. */
export type Course = readonly (readonly string[])[];

/** One object in a state or a plan, such as `a: update` or `a deposed: delete`. */
const line = (address: string, deposed: boolean, what: string): string =>
  `${address}${deposed ? " deposed" : ""}: ${what}`;

const holding = (network: Network, object: Record<string, unknown>): string => {
  const { endpoint_id, signing_secret } = object;
  if (endpoint_id === undefined) return "is there";
  if (signing_secret === null || signing_secret === undefined) return "holds nothing";
  return signing_secret === network.live(endpoint_id as string) ? "holds the secret" : "is dead";
};

const rotations = ({ written }: Network): string =>
  `rotations: ${written.reduce((sum, { rotates, acted }) => sum + (rotates ? acted : 0), 0)}`;

/**
 * The courses of a history in the model, if core handles objects in this order, in another last, and
 * in any of `next` in the plan after it.
 */
export async function modelled(
  history: History,
  order: Partial<Run>,
  last: Partial<Run>,
  next: readonly Partial<Run>[],
): Promise<readonly Course[]> {
  const course: string[][] = [];
  const first = withRuns(history, order).steps.slice(0, -1);
  const steps = [...first, ...withRuns(history, last).steps.slice(-1)];
  const { world } = await play({ ...history, steps }, ({ places, network }) => {
    const lines = [...places.default.state].flatMap(([address, { current, deposed }]) => [
      ...(current ? [line(address, false, holding(network, current.state))] : []),
      ...[...deposed.values()].map(({ state }) => line(address, true, holding(network, state))),
    ]);
    course.push([...lines.sort(), rotations(network)]);
  });
  const { default: place } = world.places;
  const courses: Course[] = [];
  for (const each of next) {
    const { changes, ok } = await world.look(place, place.configuration, each);
    const actions = changes
      .filter(({ action }) => action !== "none")
      .map(({ address, deposed, action }) => line(address, deposed !== undefined, action));
    courses.push([...course, ok ? actions.sort() : ["refused"]]);
  }
  return courses;
}

/** True if a CLI can be made to play it: it orders nodes itself, and nothing can stop it in time. */
export const isPlayable = ({ steps }: History): boolean =>
  steps.every((step) => {
    if (!("workspace" in step) || step.workspace !== "default") return false;
    if ("run" in step) return step.run.order.length === 0 && step.run.interrupt === undefined;
    return step.do !== "edit" || !step.to.encrypted;
  });

/** Plays a history in a workspace that is initialized, and has played others before. */
export async function performed(
  { steps, endpoint }: History,
  workspace: Workspace,
  front: Front,
): Promise<Course> {
  const { network } = front;
  const ids = await network.begin();
  let configuration: Configuration = new Map(endpoint ? [["e", ENDPOINT]] : []);
  let moved = "";
  const course: string[][] = [];
  const command = async (words: readonly string[], run: Run = RUN, known?: string) => {
    workspace.write({
      "main.tf": `${SETTINGS}${moved}${[...configuration].map(resource).join("")}`,
    });
    network.reads = [...run.reads];
    network.writes = [...run.writes];
    return workspace.run([...words, "-no-color"], {
      env: {
        POLYAI_API_KEY: KEYS[run.settings],
        POLYAI_BASE_URL: front.url(run.settings),
        POLYAI_SIGNING_SECRET: known,
        TF_VAR_retries: String(run.retries),
        TF_VAR_failing: JSON.stringify(run.dependentsFail),
      },
    });
  };

  workspace.write({ [STATE]: "" });
  for (const step of steps) {
    if (!("workspace" in step)) throw new Error(`no CLI plays: ${step.do}`);
    if (isEdit(step)) {
      configuration = edited(configuration, step, (name) => ids[name] ?? name);
      if (step.do === "rename" && step.moved) {
        moved += `moved {\n  from = ${TYPE}.${step.address}\n  to = ${TYPE}.${step.to}\n}\n`;
      }
      continue;
    }
    const at = "address" in step ? `${TYPE}.${step.address}` : "";
    if (step.do === "import") {
      const configured = configuration.get(step.address);
      const id = configured?.type === TYPE ? configured.endpoint : "";
      await command(["import", at, id], RUN, step.known ? network.live(id) : undefined);
    } else if ("run" in step) {
      await command([...COMMANDS[step.do], ...optionsOf(step.run, step.do)], step.run);
    } else {
      await command([...step.do.split(" "), at]);
    }
    course.push([...objectsIn(workspace.read(STATE), network).sort(), rotations(network)]);
  }
  const { code } = await command(["plan", "-out=next"]);
  const { stdout } = await command(["show", "-json", "next"]);
  return [...course, code === 0 ? changesIn(stdout).sort() : ["refused"]];
}

const TYPE = "polyai_webhook_secret";
const STATE = "terraform.tfstate";
const COMMANDS = {
  apply: ["apply", "-auto-approve"],
  refresh: ["apply", "-refresh-only", "-auto-approve"],
  destroy: ["destroy", "-auto-approve"],
  plan: ["plan"],
  "save a plan": ["plan", "-out=saved"],
  "apply the saved plan": ["apply", "saved"],
} as const;

const optionsOf = (run: Run, command: string): readonly string[] =>
  command === "apply the saved plan"
    ? []
    : [
        ...(run.refresh ? [] : ["-refresh=false"]),
        ...run.targets.map((each) => `-target=${TYPE}.${each}`),
        ...run.replace.map((each) => `-replace=${TYPE}.${each}`),
      ];

const SETTINGS = `
variable "retries" {}
variable "failing" {}
provider "polyai" {
  max_retries     = var.retries
  request_timeout = 1
}
`;

/** A resource, and a dependent that fails if it is told to. */
function resource([address, configured]: readonly [string, Configured]): string {
  if (configured.type !== TYPE) {
    return `resource "${configured.type}" "${address}" {
  name        = "Made by the configuration"
  url         = "https://receiver.example.com/hook"
  event_types = ["alerts.triggered"]
}
`;
  }
  const { endpoint, trigger, days, invalidate, initial, createFirst } = configured;
  const made = `polyai_webhook_endpoint.${endpoint}`;
  const [, name = "", key] = /^(\w+)(?:\["(\w+)"\])?$/.exec(address) ?? [];
  return `resource "${TYPE}" "${name}" {
  ${key === undefined ? "" : `for_each = toset(["${key}"])`}
  endpoint_id       = ${endpoint.startsWith("whe_") ? `"${endpoint}"` : `${made}.id`}
  rotation_trigger  = ${JSON.stringify(trigger)}
  rotate_after_days = ${String(days)}
  on_destroy        = "${invalidate ? "invalidate" : "keep"}"
  initial_secret    = ${initial ? `${made}.signing_secret` : "null"}
  lifecycle {
    create_before_destroy = ${String(createFirst)}
  }
}
resource "terraform_data" "user_of_${name}" {
  triggers_replace = ${TYPE}.${address}.rotated_at
  provisioner "local-exec" {
    command = "${'${contains(jsondecode(var.failing), "' + name + '") ? "false" : "true"}'}"
  }
}
`;
}

interface State {
  readonly resources: readonly {
    readonly type: string;
    readonly name: string;
    readonly instances: readonly {
      readonly index_key?: string;
      readonly deposed?: string;
      readonly attributes: Record<string, unknown>;
    }[];
  }[];
}

function objectsIn(text: string, network: Network): string[] {
  const { resources } = JSON.parse(text || '{"resources":[]}') as State;
  return resources
    .filter(({ type }) => type.startsWith("polyai_"))
    .flatMap(({ name, instances }) =>
      instances.map(({ index_key, deposed, attributes }) =>
        line(
          index_key === undefined ? name : `${name}["${index_key}"]`,
          deposed !== undefined,
          holding(network, attributes),
        ),
      ),
    );
}

interface Plan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly deposed?: string;
    readonly change: { readonly actions: readonly string[] };
  }[];
}

const changesIn = (text: string): string[] =>
  ((JSON.parse(text) as Plan).resource_changes ?? [])
    .filter(({ address, change }) => address.startsWith("polyai_") && !isNoOp(change))
    .map(({ address, deposed, change: { actions } }) =>
      line(
        address.slice(address.indexOf(".") + 1),
        deposed !== undefined,
        actions.length > 1 ? "replace" : (actions[0] ?? ""),
      ),
    );

const isNoOp = ({ actions }: { readonly actions: readonly string[] }): boolean =>
  actions.includes("no-op");
