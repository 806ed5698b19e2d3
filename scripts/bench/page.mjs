import { overTarget, ratiosOf } from "./ratios.mjs";
import {
  growthTable,
  providerTable,
  ratioTable,
  setting,
  startTable,
  timeTable,
} from "./report.mjs";
import { count } from "./table.mjs";

/** docs/performance.md: what a whole run of the benchmark measured, and how to read it. */
export function page(results) {
  const { contestants, missing, jobs, starts, latencies } = results;
  const ratios = ratiosOf(results.rows);
  return `---
page_title: "Performance"
---

# Performance

<!-- Written by \`npm run bench -- --write-docs\`: edit scripts/bench/page.mjs. -->

How long Terraform takes with this provider, beside what it takes with others, measured on one machine in one run. Other machines have other times; the ratios travel better.

Measured with ${[`${setting(results)}.`, ...missing].join(" ")}

![Wall time of each operation, by number of secrets and provider](performance.svg)

## Beside each other

${contestants.map(({ title, about }) => `- **${title}**: ${about}.`).join("\n")}

## Ratios

This provider's median over the other's. ${verdict(ratios)}

${ratioTable(results, ratios)}

- **Start to first schema** is what every command pays several times: a plan starts the provider three times, an apply four.
- **Apply of one** is a whole \`apply\` of one new resource, beside one \`time_static\`, whose provider computes the time and calls nobody; here an API is called over HTTP.
- **Rotations** are updates in place. For each, core makes eight calls of the provider in one \`apply\`: validate and upgrade state twice, read, plan twice, apply. \`terraform_data\` answers them inside core's own process, with no protocol between; beside it, any plugin looks slow, as the Go no-op plugin shows, which answers the same calls as this provider and does nothing. What is between that one and this provider is this provider's own time and that of its API calls. \`time_static\` and \`terraform_data\` cannot be updated when their trigger changes: they are replaced, which is two changes for each.

## Start

${startTable(results)}

From the start of the process to the whole answer to the first \`GetProviderSchema\`, over TLS, as Terraform asks. The client's part, some milliseconds, is in each.

${jobs.map(({ size }) => timeSection(results, size)).join("\n\n")}

## The provider's own CPU and memory

${providerTable(results)}

CPU is user and system time of the provider's processes in a whole \`apply\`, which plans, too; what the apply of one takes, the starts, is subtracted, and the rest divided by the number of resources. Memory is the largest resident size that any of the provider's processes reached in any of the commands. A Node that runs nothing takes about 40 MiB.

## Growth

${growthSection(results)}

## How it is measured

- Every command runs on a fresh Terraform state with \`count\`, parallelism 10, a local state file, \`-auto-approve\`, and its output going to a file. All contestants do one operation in turn before any does the next (A B C D A B C D …), so that whatever else the machine does hits all alike. Shown are medians${runs(jobs)}; starts: ${starts} of each.${jobs.some(({ warmUp }) => warmUp) ? " The first round of each is dropped: it warms caches." : ""}${jobs.some(({ warmUp }) => !warmUp) ? " At the largest size none is: the smaller ones have warmed what there is." : ""}
- The API is this project's simulator on the same machine, in a process of its own, at ${latencies.join(" and ")} ms for each call. It takes CPU that PolyAI's own servers would not take from you: at 0 ms it shares the cores with Terraform and the provider. Contestants that call no API are measured once.
- Each command's own words are checked: so many added, changed, destroyed. One that fails ends the run.
- CPU and memory are read from \`/proc\` every 20 ms, for all contestants alike; the last hundredths of a second of a process may be missed.
- \`NODE_EXTRA_CA_CERTS\` is not set: where it is, Node reads that file at every start, about 30 ms. \`CHECKPOINT_DISABLE=1\` is: Terraform does not ask for newer versions of itself.
- \`npm run bench\` repeats it all; \`npm run bench -- --quick\` measures the ratios that have a target, in about a minute; \`--help\` says what else there is.
`;
}

function verdict(ratios) {
  const promised = ratios.filter(({ target }) => target !== undefined);
  const missed = overTarget(ratios);
  if (missed.length === 0) return `All ${promised.length} that have a target are within it.`;
  return `Of the ${promised.length} that have a target, ${missed.length} ${missed.length === 1 ? "is" : "are"} over it.`;
}

const timeSection = (results, size) =>
  `## ${size === 1 ? "One secret" : `${count(size)} secrets`}

${timeTable(results, size)}`;

function growthSection(results) {
  const grown = growthTable(results);
  if (grown === "") return "No operation takes more for each resource as they get more.";
  return `Where a resource costs more as they get more, and whose time that is. Each cell is milliseconds for each further resource, at the smaller sizes → at the larger. Core is Terraform's own process; the rest is the time of the ${results.machine.cores} cores that none of these took; core's part is its share of the CPU time that came on top.

${grown}

\`terraform_data\` runs in core's process, so all of its growth is core's.`;
}

const runs = (jobs) =>
  ` of ${jobs.map(({ size, turns }) => `${turns} runs with ${count(size)}`).join(", ")}`;
