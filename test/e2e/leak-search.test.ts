import { startSimulator, type Simulator } from "../../src/simulator/index.js";
import type { Key } from "../support/age.js";
import { describeForEachCli } from "../support/cli.js";
import {
  encryptTo,
  newWatchedKey,
  SearchedWorkspace,
  secretResource,
} from "../support/searched-workspace.js";
import { placeLeaky } from "../support/test-provider.js";

describeForEachCli((cli) => {
  let simulator: Simulator;
  let alice: Key;
  beforeAll(async () => {
    simulator = await startSimulator();
    alice = await newWatchedKey();
  });
  afterAll(() => simulator.close());

  describe("the search for leaks", () => {
    const beginLeaky = (leak: string): Promise<SearchedWorkspace> => {
      const files = secretResource(`rotation_trigger = "1"\n${encryptTo(alice)}`);
      return SearchedWorkspace.begin(cli, simulator, files, { LEAK: leak }, placeLeaky);
    };

    it.each([
      ["state", "terraform.tfstate"],
      ["private state", "terraform.tfstate"],
      ["log", "trace.log"],
      ["file", "tmp/note"],
    ])("finds a secret in the %s", async (leak, place) => {
      const story = await beginLeaky(leak);
      await story.succeeds(["apply", "-auto-approve"]);
      expect(story.leaks().map((found) => found.place)).toContain(place);
      if (!place.endsWith(".tfstate")) return;
      // What is in the state is in a saved plan, too, compressed.
      story.write(secretResource(`rotation_trigger = "2"\n${encryptTo(alice)}`));
      await story.succeeds(["plan", "-out=saved.tfplan"]);
      expect(story.leaks().map((found) => found.place)).toContain("saved.tfplan: tfstate");
    });

    it("finds nothing where nothing leaks", async () => {
      const story = await beginLeaky("nowhere");
      await story.succeeds(["apply", "-auto-approve"]);
      expect(story.leaks()).toEqual([]);
    });
  });
});
