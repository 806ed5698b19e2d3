// CHANGELOG.md against Keep a Changelog 1.1.0, https://keepachangelog.com/en/1.1.0/
const KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
const HEADING =
  /^## \[(?<version>\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?)\] - (?<date>\d{4}-\d{2}-\d{2})( \[YANKED\])?$/;
const UNRELEASED = "## [Unreleased]";

/**
 * @typedef {{ line: number, heading: string, version?: string, date?: string, lines: string[] }} Section
 * `version` is undefined for what is unreleased.
 */

/** @returns {Section[]} */
function sections(text) {
  const found = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.startsWith("## ")) {
      const { version, date } = HEADING.exec(line)?.groups ?? {};
      found.push({ line: index + 1, heading: line, version, date, lines: [] });
    } else if (!/^\[[^\]]+\]: /.test(line)) {
      found.at(-1)?.lines.push(line);
    }
  }
  return found;
}

const isEmpty = ({ lines }) => !lines.some((line) => /^\s*[-*] \S/.test(line));

/** What the section of a version says, without its heading. Undefined where there is none. */
export function notesOf(text, version) {
  const section = sections(text).find((each) => each.version === version);
  return section?.lines.join("\n").trim();
}

/**
 * What is wrong with a changelog, in sentences.
 *
 * @param {string} text
 * @param {{ version: string, today: string, releasing?: boolean, repository?: string | undefined }} facts
 *   `version` is package.json's; `today` is YYYY-MM-DD; `releasing` asks for that version's own,
 *   finished section; with a `repository` each heading must be a link.
 * @returns {string[]}
 */
export function changelogProblems(text, { version, today, releasing = false, repository }) {
  const all = sections(text);
  const released = all.filter((section) => section.version !== undefined);
  const unreleased = all.filter(({ heading }) => heading === UNRELEASED);
  return [
    ...head(text),
    ...all.flatMap((section) => shape(section, today)),
    ...order(all, released, unreleased),
    ...links(text, all, repository),
    ...(releasing
      ? readiness(released, unreleased, version)
      : presence(released, unreleased, version)),
  ];
}

function head(text) {
  const problems = [];
  if (!text.startsWith("# Changelog\n")) problems.push('The first line must be "# Changelog".');
  for (const link of ["https://keepachangelog.com/en/1.1.0/", "https://semver.org/"]) {
    if (!text.includes(`](${link}`)) problems.push(`The introduction must link to ${link}.`);
  }
  return problems;
}

function shape(section, today) {
  const at = `Line ${section.line}`;
  const problems = [];
  if (section.heading !== UNRELEASED && section.version === undefined) {
    return [
      `${at}: "${section.heading}" must read "${UNRELEASED}" or "## [1.2.3] - 2026-01-31", with version and date.`,
    ];
  }
  if (section.date !== undefined) {
    // A day later may be today already, east of here.
    const latest = new Date(Date.parse(today) + 86_400_000).toISOString().slice(0, 10);
    if (!isDate(section.date)) problems.push(`${at}: there is no day ${section.date}.`);
    else if (section.date > latest) problems.push(`${at}: ${section.date} is yet to come.`);
    if (isEmpty(section)) problems.push(`${at}: ${section.version} says nothing of what changed.`);
  }
  const kinds = section.lines.filter((line) => line.startsWith("### ")).map((l) => l.slice(4));
  for (const kind of kinds) {
    if (!KINDS.includes(kind)) {
      problems.push(`${at}: "${kind}" is none of the kinds ${KINDS.join(", ")}.`);
    }
  }
  for (const kind of new Set(kinds)) {
    if (kinds.filter((other) => other === kind).length > 1) {
      problems.push(`${at}: "${kind}" stands there more than once.`);
    }
    const from = section.lines.indexOf(`### ${kind}`) + 1;
    const to = section.lines.findIndex((line, index) => index >= from && line.startsWith("### "));
    const lines = section.lines.slice(from, to < 0 ? undefined : to);
    if (isEmpty({ lines })) problems.push(`${at}: "${kind}" lists nothing.`);
  }
  const first = section.lines.findIndex((line) => line.startsWith("### "));
  if (!isEmpty({ lines: section.lines.slice(0, first < 0 ? undefined : first) })) {
    problems.push(`${at}: changes must stand under one of the kinds ${KINDS.join(", ")}.`);
  }
  return problems;
}

function isDate(text) {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function order(all, released, unreleased) {
  const problems = [];
  if (unreleased.length > 1) problems.push(`"${UNRELEASED}" stands there more than once.`);
  if (unreleased.length > 0 && all[0].heading !== UNRELEASED) {
    problems.push(`"${UNRELEASED}" must be the first section.`);
  }
  for (const [index, { version, date, line }] of released.slice(1).entries()) {
    const above = released[index];
    if (compareVersions(above.version, version) <= 0) {
      problems.push(`Line ${line}: ${version} must be older than ${above.version} above it.`);
    }
    if (above.date < date) problems.push(`Line ${line}: ${date} is after the date above it.`);
  }
  return problems;
}

function links(text, all, repository) {
  const targets = new Map(
    [...text.matchAll(/^\[([^\]]+)\]: (\S+)$/gm)].map(([, name, url]) => [name, url]),
  );
  const names = all.map(({ heading }) => /^## \[([^\]]+)\]/.exec(heading)?.[1]).filter(Boolean);
  const problems = [];
  for (const [name, url] of targets) {
    if (!URL.canParse(url) || !url.startsWith("https://")) {
      problems.push(`The link of [${name}] is no https address.`);
    }
    if (repository !== undefined && names.includes(name) && !url.startsWith(`${repository}/`)) {
      problems.push(
        `The link of [${name}] must begin with ${repository}/, as package.json has it.`,
      );
    }
  }
  if (repository !== undefined) {
    for (const name of names.filter((each) => !targets.has(each))) {
      problems.push(
        `[${name}] has no link: add "[${name}]: ${repository}/compare/…" at the end, or a release's address.`,
      );
    }
  }
  return problems;
}

function presence(released, unreleased, version) {
  const newest = released[0]?.version;
  if (released.some((section) => section.version === version)) return [];
  if (unreleased.length > 0 && (newest === undefined || compareVersions(version, newest) > 0)) {
    return [];
  }
  return [
    `package.json has version ${version}, of which CHANGELOG.md knows nothing: add "${UNRELEASED}" or that version's section.`,
  ];
}

function readiness(released, unreleased, version) {
  const problems = [];
  if (!released.some((section) => section.version === version)) {
    problems.push(
      `There is no section "## [${version}] - DATE": \`npm version ${version}\` makes it of "${UNRELEASED}" (with --allow-same-version where package.json has that version already).`,
    );
  } else if (released[0].version !== version) {
    problems.push(`${version} is not the newest version: ${released[0].version} is.`);
  } else if (unreleased.some((section) => !isEmpty(section))) {
    problems.push(`"${UNRELEASED}" lists changes that ${version} would bring and not tell.`);
  }
  return problems;
}

/**
 * The changelog with what was unreleased told as `version`, released on `date`. Throws where there
 * is nothing to tell.
 */
export function release(text, version, date) {
  const unreleased = sections(text).find(({ heading }) => heading === UNRELEASED);
  if (unreleased === undefined || isEmpty(unreleased)) {
    throw new Error(
      `CHANGELOG.md lists no change under "${UNRELEASED}": say there what ${version} brings.`,
    );
  }
  return text.replace(UNRELEASED, `${UNRELEASED}\n\n## [${version}] - ${date}`);
}

/** Semantic Versioning 2.0.0, section 11. */
export function compareVersions(a, b) {
  const [numbers, others] = [a, b].map((version) => version.split("-")[0].split(".").map(Number));
  for (const index of [0, 1, 2]) {
    if (numbers[index] !== others[index]) return numbers[index] - others[index];
  }
  const [before, after] = [a, b].map((version) => version.split("-").slice(1).join("-"));
  if (before === after) return 0;
  if (before === "") return 1;
  if (after === "") return -1;
  const [left, right] = [before.split("."), after.split(".")];
  for (const [index, one] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (one === other) continue;
    const [isNumber, otherIsNumber] = [one, other].map((each) => /^\d+$/.test(each));
    if (isNumber && otherIsNumber) return Number(one) - Number(other);
    if (isNumber !== otherIsNumber) return isNumber ? -1 : 1;
    return one < other ? -1 : 1;
  }
  return -1;
}
