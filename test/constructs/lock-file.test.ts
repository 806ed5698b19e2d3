import { locksProvider, mergeLockEntry, type LockEntry } from "../../src/placement/lock-file.js";

const entry: LockEntry = {
  address: "registry.terraform.io/polyai/polyai",
  version: "0.1.0",
  constraints: "0.1.0",
  hashes: ["h1:ours="],
};

const aws = `provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.0.0"
  constraints = "~> 5.0"
  hashes = [
    "h1:aws=",
    "zh:0000",
  ]
}
`;
const vault = aws.replaceAll("aws", "vault").replace("hashicorp/vault", "vaultier/vault");
const header = `# This file is maintained automatically by "tofu init".
# Manual edits may be lost in future updates.
`;
const ours = `provider "registry.terraform.io/polyai/polyai" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:ours=",
  ]
}
`;

describe("mergeLockEntry", () => {
  it("writes a new file as terraform does", () => {
    expect(mergeLockEntry("", entry)).toBe(
      `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.

${ours}`,
    );
  });

  it.each([
    ["before", `${header}\n${vault}`, `${header}\n${ours}\n${vault}`],
    ["after", `${header}\n${aws}`, `${header}\n${aws}\n${ours}`],
    ["between", `${header}\n${aws}\n${vault}`, `${header}\n${aws}\n${ours}\n${vault}`],
  ])("adds its entry in order: %s the others, which stay as they are", (_, text, merged) => {
    expect(mergeLockEntry(text, entry)).toBe(merged);
  });

  it("gives the same text where the entry is there already, whatever else it holds", () => {
    const text = `${header}\n${ours.replace('"h1:ours="', '"h1:other=",\n    "h1:ours="')}\n${vault}`;
    expect(mergeLockEntry(text, entry)).toBe(text);
  });

  it.each([
    ["version", { version: "0.2.0" }],
    ["constraint", { constraints: "0.2.0" }],
    ["hash", { hashes: ["h1:new="] }],
    ["number of hashes", { hashes: ["h1:new=", "h1:ours="] }],
  ])("replaces its own entry, and only that, where the %s is another", (_, change) => {
    const text = `${header}\n${aws}\n${ours}\n${vault}`;
    const changed = { ...entry, ...change };
    expect(mergeLockEntry(text, changed)).toBe(
      `${header}\n${aws}\n${mergeLockEntry("", changed).split("\n\n")[1] ?? ""}\n${vault}`,
    );
  });

  it("writes several hashes in order, as terraform does", () => {
    const merged = mergeLockEntry("", { ...entry, hashes: ["h1:b=", "h1:a="] });
    expect(merged).toContain('hashes = [\n    "h1:a=",\n    "h1:b=",\n  ]\n}\n');
  });

  it("replaces an entry that has no constraints and no hashes", () => {
    const bare = 'provider "registry.terraform.io/polyai/polyai" {\n  version = "0.1.0"\n}\n';
    expect(mergeLockEntry(`${header}\n${bare}\n${vault}`, entry)).toBe(
      `${header}\n${ours}\n${vault}`,
    );
  });

  it("keeps apart an entry of the same name in another registry", () => {
    const other = ours.replace("terraform.io", "opentofu.org").replace("ours", "theirs");
    expect(mergeLockEntry(`${header}\n${other}`, entry)).toBe(`${header}\n${other}\n${ours}`);
  });

  it("finds a block whose file ends without a newline, or has Windows line ends", () => {
    expect(mergeLockEntry(`${header}\n${aws.trimEnd()}`, entry)).toBe(`${header}\n${aws}\n${ours}`);
    const windows = `${header}\n${ours}`.replaceAll("\n", "\r\n");
    expect(mergeLockEntry(windows, entry)).toBe(windows);
  });
});

describe("locksProvider", () => {
  it("knows a provider by namespace and name, in any registry", () => {
    expect(locksProvider(`${header}\n${aws}`, "hashicorp", "aws")).toBe(true);
    expect(locksProvider(aws.replace("terraform.io", "opentofu.org"), "hashicorp", "aws")).toBe(
      true,
    );
    expect(locksProvider(`${header}\n${aws}`, "hashicorp", "null")).toBe(false);
    expect(locksProvider(`# provider "x/hashicorp/null" {\n`, "hashicorp", "null")).toBe(false);
  });
});
