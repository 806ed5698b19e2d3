import { ProtocolError } from "./protocol-error.js";
import { WIRE_BYTES, WIRE_VARINT, WireReader } from "./wire-reader.js";
import { WireWriter } from "./wire-writer.js";

/**
 * Protobuf messages by table. `generated/` holds one {@link MessageType} for each message; what a
 * table says is turned into a decoder only when its message is met, since a process that Terraform
 * starts for one call pays for everything it loads.
 *
 * Decoding fills in proto3's defaults; a message field, or a field with presence, that did not come
 * is absent. Fields that the table does not know are skipped.
 */
export type ScalarKind = "string" | "bytes" | "bool" | "int32" | "uint32" | "int64";

/** Whether a field has presence, or comes many times. A map's keys are strings. */
export type Label = "implicit" | "explicit" | "repeated" | "map";

/** Number, name, kind, label, and the oneof it belongs to. */
export type FieldRow = readonly [
  number: number,
  name: string,
  kind: ScalarKind | MessageKind,
  label?: Label,
  oneof?: string,
];

/** A message where another holds it, whatever its type. */
export interface MessageKind {
  write(writer: WireWriter, value: Fields): void;
  read(decoding: Decoding, into: Fields | undefined, depth: number): Fields;
}

/** What can be encoded as a T: any part of it, at every depth. */
export type Init<T> = T extends Uint8Array
  ? T
  : T extends readonly (infer E)[]
    ? readonly Init<E>[]
    : T extends object
      ? { readonly [K in keyof T]?: Init<T[K]> | undefined }
      : T;

/** Protobuf's own parsers stop at this depth, too. */
const MAX_DEPTH = 100;
/** More repeated parts than any message of the protocol has: two bytes can ask for an object. */
const MAX_PARTS = 1_000_000;

interface Field {
  readonly number: number;
  readonly name: string;
  readonly kind: ScalarKind | MessageKind;
  readonly label: Label;
  readonly wireType: number;
  /** The other fields of the same oneof. */
  readonly excludes: readonly string[];
}

interface Layout {
  readonly fields: readonly Field[];
  readonly byNumber: ReadonlyMap<number, Field>;
  readonly defaults: Record<string, unknown>;
}

interface Decoding {
  readonly reader: WireReader;
  parts: number;
}

type Fields = Record<string, unknown>;

export class MessageType<T> implements MessageKind {
  readonly #rows: () => readonly FieldRow[];
  #layout: Layout | undefined;

  constructor(
    readonly name: string,
    rows: () => readonly FieldRow[],
  ) {
    this.#rows = rows;
  }

  /**
   * @param headroom bytes to leave free before the message
   * @throws ProtocolError for a number that its field cannot carry
   */
  encode(value: Init<T>, headroom = 0): Uint8Array {
    const writer = new WireWriter();
    this.write(writer, value as Fields);
    return writer.finish(headroom);
  }

  /** @throws ProtocolError for bytes that are no such message */
  decode(bytes: Uint8Array): T {
    const reader = new WireReader(bytes);
    try {
      return this.read({ reader, parts: 0 }, undefined, 0) as T;
    } catch (error) {
      if (error instanceof ProtocolError) throw new ProtocolError(`${this.name}: ${error.message}`);
      throw error;
    }
  }

  write(writer: WireWriter, value: Fields): void {
    const { fields } = this.#layoutOnce();
    for (let index = fields.length - 1; index >= 0; index--) {
      const field = fields[index] as Field;
      const content = value[field.name];
      if (content === undefined) continue;
      if (field.label === "repeated") {
        const items = content as readonly unknown[];
        for (let item = items.length - 1; item >= 0; item--) writeField(writer, field, items[item]);
      } else if (field.label === "map") {
        for (const [key, item] of Object.entries(content as Fields).reverse()) {
          const mark = writer.length;
          writeField(writer, { ...field, number: 2 }, item);
          writer.string(key);
          writer.tag(1, WIRE_BYTES);
          writer.lengthSince(mark);
          writer.tag(field.number, WIRE_BYTES);
        }
      } else if (field.label === "explicit" || !isDefault(content)) {
        writeField(writer, field, content);
      }
    }
  }

  read(decoding: Decoding, into: Fields | undefined, depth: number): Fields {
    if (depth > MAX_DEPTH) throw new ProtocolError("messages are nested too deeply");
    const { byNumber, defaults } = this.#layoutOnce();
    const { reader } = decoding;
    const value = into ?? { ...defaults };
    while (!reader.done) {
      const tag = reader.tag();
      const wireType = tag % 8;
      const field = byNumber.get((tag - wireType) / 8);
      if (field === undefined) {
        reader.skip(wireType);
        continue;
      }
      if (wireType !== field.wireType)
        throw new ProtocolError(`${field.name} has a wrong wire type`);
      if (field.label === "repeated") {
        const items = value[field.name] as unknown[];
        const item = readKind(decoding, field.kind, undefined, depth);
        countPart(decoding);
        // The default is shared by all.
        if (items.length === 0) value[field.name] = [item];
        else items.push(item);
      } else if (field.label === "map") {
        countPart(decoding);
        if (value[field.name] === EMPTY_MAP) value[field.name] = Object.create(null);
        readEntry(decoding, field, value[field.name] as Fields, depth);
      } else {
        for (const other of field.excludes) Reflect.deleteProperty(value, other);
        value[field.name] = readKind(decoding, field.kind, value[field.name], depth);
      }
    }
    return value;
  }

  #layoutOnce(): Layout {
    if (this.#layout !== undefined) return this.#layout;
    const rows = this.#rows();
    const fields = rows.map(([number, name, kind, label = "implicit", oneof]): Field => ({
      number,
      name,
      kind,
      label,
      wireType: label === "map" || isLengthDelimited(kind) ? WIRE_BYTES : WIRE_VARINT,
      excludes: rows
        .filter((row) => oneof !== undefined && row[4] === oneof && row[1] !== name)
        .map((row) => row[1]),
    }));
    this.#layout = {
      fields,
      byNumber: new Map(fields.map((field) => [field.number, field])),
      defaults: Object.fromEntries(
        fields.flatMap((field) =>
          field.label === "explicit" ? [] : [[field.name, defaultOf(field)] as const],
        ),
      ),
    };
    return this.#layout;
  }
}

const EMPTY_BYTES = new Uint8Array(0);
const EMPTY_LIST: readonly unknown[] = Object.freeze([]);
const EMPTY_MAP: Fields = Object.freeze(Object.create(null) as Fields);

const isLengthDelimited = (kind: Field["kind"]): boolean =>
  typeof kind !== "string" || kind === "string" || kind === "bytes";

const defaultOf = ({ label, kind }: Pick<Field, "label" | "kind">): unknown => {
  if (label === "repeated") return EMPTY_LIST;
  if (label === "map") return EMPTY_MAP;
  if (kind === "string") return "";
  if (kind === "bytes") return EMPTY_BYTES;
  return kind === "bool" ? false : 0;
};

const isDefault = (content: unknown): boolean =>
  content === 0 ||
  content === "" ||
  content === false ||
  (content instanceof Uint8Array && content.byteLength === 0);

const countPart = (decoding: Decoding): void => {
  if (++decoding.parts > MAX_PARTS) throw new ProtocolError("a message has too many parts");
};

const writeField = (
  writer: WireWriter,
  field: Pick<Field, "kind" | "number">,
  content: unknown,
): void => {
  const { kind } = field;
  if (typeof kind !== "string") {
    const mark = writer.length;
    kind.write(writer, content as Fields);
    writer.lengthSince(mark);
  } else if (kind === "string") writer.string(content as string);
  else if (kind === "bytes") writer.bytes(content as Uint8Array);
  else if (kind === "bool") writer.bool(content as boolean);
  else writer[kind](content as number);
  writer.tag(field.number, isLengthDelimited(kind) ? WIRE_BYTES : WIRE_VARINT);
};

/** A message field that comes twice is merged, as the encoding's specification asks. */
const readKind = (
  decoding: Decoding,
  kind: Field["kind"],
  before: unknown,
  depth: number,
): unknown => {
  const { reader } = decoding;
  if (typeof kind === "string") return reader[kind]();
  return reader.span(() => kind.read(decoding, before as Fields | undefined, depth + 1));
};

/** A map travels as messages of a key, 1, and a value, 2; what is missing has its default. */
const readEntry = (decoding: Decoding, field: Field, into: Fields, depth: number): void => {
  const { reader } = decoding;
  const { kind } = field;
  reader.span(() => {
    let key = "";
    let value: unknown;
    while (!reader.done) {
      const tag = reader.tag();
      if (tag === 8 + WIRE_BYTES) key = reader.string();
      else if (tag === 16 + (isLengthDelimited(kind) ? WIRE_BYTES : WIRE_VARINT)) {
        value = readKind(decoding, kind, value, depth);
      } else if (tag < 24) throw new ProtocolError(`${field.name} has a wrong wire type`);
      else reader.skip(tag % 8);
    }
    into[key] =
      value ??
      (typeof kind === "string"
        ? defaultOf({ label: "implicit", kind })
        : kind.read({ reader: new WireReader(EMPTY_BYTES), parts: 0 }, undefined, depth));
  });
};
