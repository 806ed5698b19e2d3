import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./paths.mjs";

const NUMBER = String.raw`\d+\.\d+(?:\.\d+(?:-[0-9A-Za-z.-]*[0-9A-Za-z])?)?`;
const SOURCE = String.raw`"?source"?\s*[:=]\s*"(?:[\w.-]+\/)?polyai\/polyai"`;
const CONSTRAINT = String.raw`"?version"?\s*[:=]\s*"[~^<>=\s]*(?<version>${NUMBER})"`;

// The ways in which a text states this package's version.
const STATEMENTS = [
  // terraform-provider-polyai@VERSION, …_vVERSION, …_VERSION_linux_amd64.zip
  String.raw`terraform-provider-polyai(?:@|_v|_)(?<version>${NUMBER})`,
  // dependencies in package.json files: of examples, and of this package on platforms' own
  String.raw`"@?(?:[\w-]+\/)?terraform-provider-polyai(?:[-\/][\w-]+)?":\s*"[\^~]?(?<version>${NUMBER})"`,
  // package-lock.json, twice
  String.raw`"name":\s*"terraform-provider-polyai",\s*"version":\s*"(?<version>${NUMBER})"`,
  // required_providers, in HCL and in JSON
  String.raw`${SOURCE}[,\s]*${CONSTRAINT}`,
  String.raw`${CONSTRAINT}[,\s]*${SOURCE}`,
];

// History names old versions.
const NOT_A_COPY = /^CHANGELOG\.md$/;
// What tests say of a version that never was.
const MADE_UP = /^(1\.2\.3|9\.9\.9)$/;
const BIG = 1_000_000;

/** The one source of the version: package.json. */
export function readVersion(folder = root) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version;
}

/**
 * Where a text states a version of this package.
 *
 * @returns {{ at: number, stated: string }[]} character offsets and what stands there
 */
export function statementsIn(text) {
  const found = STATEMENTS.flatMap((pattern) =>
    [...text.matchAll(new RegExp(pattern, "gd"))].map(({ indices, groups }) => ({
      at: indices.groups.version[0],
      stated: groups.version,
    })),
  );
  return found
    .filter(({ stated }) => !MADE_UP.test(stated))
    .filter(({ at }, index) => found.findIndex((other) => other.at === at) === index)
    .sort((a, b) => a.at - b.at);
}

/** `0.1` in a constraint is said of each 0.1.x. */
const agrees = (stated, version) => stated === version || version.startsWith(`${stated}.`);

/**
 * The places in the files that git tracks which state another version than package.json, each as a
 * sentence that says how to mend it. Empty where all agree.
 *
 * @returns {string[]}
 */
export function versionDrift(folder = root) {
  const version = readVersion(folder);
  return tracked(folder).flatMap((file) => {
    const text = readFileSync(join(folder, file), "utf8");
    return statementsIn(text)
      .filter(({ stated }) => !agrees(stated, version))
      .map(
        ({ at, stated }) =>
          `${file}:${text.slice(0, at).split("\n").length} states version ${stated}, and package.json ${version}. ` +
          "Change package.json if that is the wrong one; then run: npm run version",
      );
  });
}

/**
 * Makes every place state the version of package.json.
 *
 * @returns {string[]} the files that were changed
 */
export function spreadVersion(folder = root) {
  const version = readVersion(folder);
  return tracked(folder).filter((file) => {
    const before = readFileSync(join(folder, file), "utf8");
    let after = before;
    // From the end, so that earlier offsets stay right.
    for (const { at, stated } of statementsIn(before).reverse()) {
      if (agrees(stated, version)) continue;
      const short = version.split(".").slice(0, 2).join(".");
      const wanted = stated.split(".").length === 2 ? short : version;
      after = after.slice(0, at) + wanted + after.slice(at + stated.length);
    }
    if (after !== before) writeFileSync(join(folder, file), after);
    return after !== before;
  });
}

function tracked(folder) {
  return execFileSync("git", ["ls-files", "-z"], { cwd: folder, encoding: "utf8" })
    .split("\0")
    .filter((file) => file !== "" && !NOT_A_COPY.test(file))
    .filter((file) => existsSync(join(folder, file)))
    .filter((file) => {
      const stat = statSync(join(folder, file));
      return stat.isFile() && stat.size < BIG;
    });
}
