/** package.json has the version. A file that states it, such as a recipe to copy, must agree. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "../../../package.json";
import { ROOT } from "../../support/cli.js";

const STATED = /terraform-provider-polyai(?:@|_v|_|":\s*"[\^~]?)(\d+\.\d+\.\d+[\w.-]*\w)/g;

/** Examples of file names in tests have made-up versions. */
const isChecked = (file: string) => /^(README\.md|docs\/|examples\/|package)/.test(file);

it("is the same in every file that states it", () => {
  const files = execFileSync("git", ["ls-files"], { cwd: ROOT, encoding: "utf8" }).split("\n");
  const wrong = files
    .filter(isChecked)
    .flatMap((file) =>
      [...readFileSync(join(ROOT, file), "utf8").matchAll(STATED)]
        .filter(([, stated = ""]) => !stated.startsWith(version))
        .map(([text]) => `${file}: ${text}`),
    );
  expect(wrong).toEqual([]);
});
