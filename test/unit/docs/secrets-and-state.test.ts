import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../support/cli.js";

/** The examples that the tests in test/e2e run. */
const EXAMPLES = ["encrypted-secret", "encrypted-for-receiver", "opentofu-state-encryption"];

const guide = readFileSync(join(ROOT, "docs/guides/secrets-and-state.md"), "utf8");

describe("the guide to secrets and state", () => {
  const examples = EXAMPLES.flatMap((name) =>
    readdirSync(join(ROOT, "examples", name)).map((file) =>
      readFileSync(join(ROOT, "examples", name, file), "utf8"),
    ),
  );
  const blocks = [...guide.matchAll(/^```\w+\n(.*?)^```$/gms)].map(([, block]) => block ?? "");
  const commands = (block: string) => block.split("\n").every((line) => /^(age-keygen .*)?$/.test(line));

  it("shows nothing that no tested example has", () => {
    const shown = blocks.filter((block) => !commands(block));
    expect(shown.length).toBeGreaterThan(4);
    for (const block of shown) {
      expect(examples.some((example) => example.includes(block)) ? "" : block).toBe("");
    }
  });

  it("leads to each example", () => {
    for (const name of EXAMPLES) expect(guide).toContain(`/examples/${name})`);
  });
});
