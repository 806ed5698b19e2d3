import { RETRY_AFTER_CAP_MS, RETRY_WINDOW_MS } from "../../src/polyai/retry.js";
import { CASES } from "./faults.js";
import { tablesOf, type CliRow } from "./report.js";

const TITLES: Readonly<Record<string, string>> = { terraform: "Terraform", tofu: "OpenTofu" };

/** docs/reliability.md, with the tables of a run. */
export function pageOf(rows: readonly CliRow[]): string {
  const { create, rotate, refresh } = tablesOf(rows);
  const versions = new Map(rows.map(({ cli }) => [cli.product, cli.version]));
  const clis = [...versions].map(([product, version]) => `${TITLES[product]} ${version}`).sort();
  return `---
page_title: "Reliability"
---

# Reliability

<!-- Written by \`npm run faults -- --write\`. -->

A rotation that half happens is the worst that can come of this provider: the old secret is dead, the new one did not arrive, and receivers refuse what PolyAI sends. So each fault below was brought about between the built provider and a simulated PolyAI, with the real ${clis.join(" and ")}: ${CASES.length} cases for each, ${rows.length} in all. Where the two CLIs differ, a row says which it is of.

In every row the state is true at the end, or the error says that it may not be; the next \`apply\` heals it; and nothing that was printed, logged at \`TF_LOG=TRACE\` or left in a file held the API key or, but for states and saved plans, a secret. \`npm run faults\` runs it all again and fails where a row is not so.

## What the provider does

- **It tries again** after 408, 429, 500, 502, 503 and 504, after an answer that cannot be used, and where there is no connection or no answer in \`request_timeout\` seconds: \`max_retries\` times, with waits that grow and are spread at random. \`Retry-After\` is obeyed, in seconds or as a date, up to ${RETRY_AFTER_CAP_MS / 1000} seconds. No try begins later than ${RETRY_WINDOW_MS / 60_000} minutes after the first. It does not try again after another status, where that cannot help.
- **A rotation whose answer did not arrive is asked for again**, once the connection of the attempt before is gone: the last rotation wins, so its answer is the secret that is valid.
- **Where that fails too, the error says so**: the secret may have changed, receivers may be refusing deliveries now, apply again. An update keeps the prior state and marks it, and the next plan proposes a rotation even where the trigger was put back. A creation leaves nothing in the state, and the next apply rotates.
- **Ctrl-C ends waits at once**, and lets the request in flight finish and its secret be stored. Where Terraform is killed, the provider ends within two seconds and leaves nothing behind; where the provider is killed in the middle of a rotation, the next apply heals.

The runs below had \`max_retries = 1\` and \`request_timeout = 2\`, so that they are quick.

## Rotating (a trigger changes)

${rotate}

## Creating

An empty state after a failed creation is no loss: nothing was stored before either, and the next apply rotates.

${create}

## Refreshing

A refresh reads and never rotates, so that a fault can cost no more than the run.

${refresh}

## What other ways of rotating do

Measured with Terraform 1.11.4 on the same job: restapi, restful and terracurl, which are general HTTP providers, and null_resource with a curl provisioner.

| Fault | restapi, restful, terracurl, null_resource with curl | this provider |
| --- | --- | --- |
| a passing 429 or 5xx | no retry, unless the configuration asks for it: the apply fails | retries |
| no answer in time, a reset, a cut answer | all of them keep the dead secret, with no warning | retries; else the error says that the secret may have changed, and the next apply heals |
| 200 with no body | three of the four take it for a success and never heal | the same as for a cut answer |
| a retry that works | curl's own \`--retry\` works, and the output stays the secret from before | the answer of the last try is stored |
| debug logs | two of the four print secrets or keys | neither is in any log |
| an endpoint that exists already | none of them imports it | imports it, with a known secret or without |
| destroying | says nothing of the secret, which stays valid | warns that it stays valid, or invalidates it |

## What no provider can do

- **An API that goes on with a request whose connection is gone**, and rotates after the next attempt was answered, leaves a dead secret in the state, and nobody can tell: PolyAI shows a secret only once and cannot be asked whether one is valid. Waiting until the connection is gone makes it improbable; a long \`request_timeout\` (30 seconds where it is left out) more so.
- **Terraform itself killed (SIGKILL, power) in the middle of a rotation** writes no state, so there is no mark. The configuration still differs from the state, so the next apply rotates and heals, unless the trigger is put back first.
- **A state that is restored from a backup** holds the secret of then. Change the trigger.
- **A saved plan holds the prior secret**, as Terraform keeps it, and the values of variables. An API key from the environment is in no plan and no state; one from a variable is in no state, but it is in the saved plan, where Terraform keeps every variable that is not \`ephemeral\`. Keep saved plans as you keep states.
`;
}
