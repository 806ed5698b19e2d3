import { CtyError, MAX_DEPTH, within } from "./error.js";
import { JsonReader } from "./json-reader.js";
import { numberFromText } from "./number.js";
import { emptyRecord, shapeOf } from "./shape.js";
import { typeFromJsonText } from "./type-json.js";
import type { ObjectType, Type } from "./type.js";
import { Dynamic, type CtyNumber, type Value } from "./value.js";

export interface DecodeJsonOptions {
  /**
   * For a state that an earlier version of the schema wrote: attributes that the type does not
   * have are passed over, and those that are missing become null.
   */
  readonly lenient?: boolean;
}

/**
 * Decodes a value of a type from JSON as it stands in a state, by the rules of go-cty's `cty/json`:
 * a string, number and bool may stand for one another where the text allows it.
 *
 * @throws {CtyError} where the bytes hold no such value, with the path to the fault.
 */
export function decodeJson(
  bytes: Uint8Array,
  type: Type,
  { lenient = false }: DecodeJsonOptions = {},
): Value {
  const reader = new JsonReader(bytes);
  const value = new JsonDecoder(reader, lenient).readValue(type, 0);
  if (reader.peek() !== "") throw new CtyError("one value is required, but more text follows it");
  return value;
}

class JsonDecoder {
  constructor(
    private readonly reader: JsonReader,
    private readonly lenient: boolean,
  ) {}

  readValue(type: Type, depth: number): Value {
    if (depth > MAX_DEPTH) throw CtyError.tooDeep();
    if (this.reader.takeWord("null")) return null;
    switch (type.kind) {
      case "string":
        return this.readText();
      case "number":
        return this.readNumber();
      case "bool":
        return this.readBool();
      case "list":
      case "set": {
        const { element } = type;
        return this.readElements(`a ${type.kind}`, () => element, depth);
      }
      case "tuple":
        return this.readTuple(type.elements, depth);
      case "map":
        return this.readMap(type.element, depth);
      case "object":
        return this.readObject(type, depth);
      case "dynamic":
        return this.readDynamic(depth);
    }
  }

  private readText(): string {
    if (this.reader.peek() === '"') return this.reader.readString("a string");
    if (this.reader.takeWord("true")) return "true";
    if (this.reader.takeWord("false")) return "false";
    return this.reader.readNumber("a string");
  }

  private readNumber(): CtyNumber {
    const quoted = this.reader.peek() === '"';
    const text = quoted ? this.reader.readString("a number") : this.reader.readNumber("a number");
    const number = numberFromText(text);
    if (number === undefined) {
      throw CtyError.expected("a number", quoted ? "another string" : "one out of range");
    }
    return number;
  }

  private readBool(): boolean {
    if (this.reader.takeWord("true")) return true;
    if (this.reader.takeWord("false")) return false;
    const text = this.reader.readString("a bool");
    if (text === "true" || text === "1") return true;
    if (text === "false" || text === "0") return false;
    throw CtyError.expected("a bool", "another string");
  }

  private readElements(wanted: string, typeAt: (index: number) => Type, depth: number): Value[] {
    const values: Value[] = [];
    this.reader.readArray(wanted, (index) => {
      try {
        values.push(this.readValue(typeAt(index), depth + 1));
      } catch (error) {
        throw within({ kind: "index", index }, error);
      }
    });
    return values;
  }

  private readTuple(elements: readonly Type[], depth: number): Value {
    const wanted = `a tuple of ${String(elements.length)} elements`;
    let surplus = 0;
    const values: Value[] = [];
    this.reader.readArray("a tuple", (index) => {
      const type = elements[index];
      if (!type) {
        surplus += 1;
        this.reader.skip(depth + 1);
        return;
      }
      try {
        values.push(this.readValue(type, depth + 1));
      } catch (error) {
        throw within({ kind: "index", index }, error);
      }
    });
    if (surplus > 0 || values.length < elements.length) {
      throw CtyError.expected(wanted, `one of ${String(values.length + surplus)}`);
    }
    return values;
  }

  private readMap(element: Type, depth: number): Value {
    const values = new Map<string, Value>();
    this.reader.readObject("a map", (key) => {
      try {
        values.set(key, this.readValue(element, depth + 1));
      } catch (error) {
        throw within({ kind: "key", key }, error);
      }
    });
    return values;
  }

  private readObject(type: ObjectType, depth: number): Value {
    const { attributes, byName } = shapeOf(type);
    const values = emptyRecord<Value>();
    this.reader.readObject("an object", (name) => {
      const attribute = byName.get(name);
      if (!attribute) {
        if (!this.lenient) {
          throw new CtyError("the object has an attribute that its type does not have");
        }
        this.reader.skip(depth + 1);
        return;
      }
      try {
        values[name] = this.readValue(attribute.type, depth + 1);
      } catch (error) {
        throw within({ kind: "attribute", name }, error);
      }
    });
    for (const { name } of attributes) {
      if (name in values) continue;
      if (!this.lenient) {
        throw new CtyError("the attribute is missing", [{ kind: "attribute", name }]);
      }
      values[name] = null;
    }
    return values;
  }

  /** cty writes the value in front of its type, so it is read on a second visit. */
  private readDynamic(depth: number): Value {
    const { reader } = this;
    // Fields of an object: the compiler takes what a callback assigns for never assigned.
    const seen: { type?: Type; valueAt?: number } = {};
    reader.readObject("a dynamic value", (name) => {
      const start = reader.mark();
      const text = reader.skip(depth + 1);
      if (name === "type") seen.type = typeFromJsonText(text);
      else if (name === "value") seen.valueAt = start;
      else throw new CtyError("a dynamic value has members other than value and type");
    });
    const { type: found, valueAt: position } = seen;
    if (!found || position === undefined) {
      throw new CtyError("a dynamic value has not both value and type");
    }
    const value = reader.at(position, () => this.readValue(found, depth + 1));
    return found.kind === "dynamic" ? value : new Dynamic(found, value);
  }
}
