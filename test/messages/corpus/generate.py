"""
Writes corpus.jsonl.gz: 500 Avro and 500 Protobuf schemas with values, encoded and decoded by the reference
implementations (fastavro, and protobuf with the protoc of grpcio-tools). The same for the same SEED.

    python3 -m venv venv && venv/bin/pip install fastavro protobuf grpcio-tools
    venv/bin/python test/messages/corpus/generate.py

A line is {"kind", "schema", "index": path of the Protobuf type, "cases": [[payload as base64, JSON], ...]}.
"""

import base64, calendar, datetime, decimal, gzip, io, json, os, random, re, struct, tempfile, uuid

import fastavro
import grpc_tools
from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf import duration_pb2, struct_pb2, timestamp_pb2, wrappers_pb2
from google.protobuf.descriptor import FieldDescriptor
from grpc_tools import protoc

SEED = 8
EACH = 500
CASES = 2
R = random.Random(SEED)
decimal.getcontext().prec = 200

WORDS = ["", "a", "Ulm", "größe", "😀 \u2028", 'quo"te\\', "\t\n", "4111111111111111", "x" * 40]
LONGS = [0, 1, -1, 63, 64, -65, 2**31 - 1, -(2**31), 2**53, 2**53 + 1, -(2**53) - 1, 2**63 - 1, -(2**63)]
INTS = [one for one in LONGS if -(2**31) <= one < 2**31]
DOUBLES = [0.0, -0.0, 1.5, 0.1, -2.5e-8, 1e16, 1e21, 1.7976931348623157e308, 5e-324, 123456789.125]
ODD = [float("nan"), float("inf"), float("-inf")]


def noise(longest=8):
    return R.randbytes(R.randrange(longest))


def short_float(value):
    """The shortest decimal that is this 32-bit float."""
    for digits in range(1, 10):
        short = float(f"{value:.{digits}g}")
        if abs(short) < 3.4028236e38 and struct.pack("<f", short) == struct.pack("<f", value):
            return short
    return value


def number(value, short=False):
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    return short_float(value) if short else value


# ---- Avro: each generator answers (schema, value to be written, how the value that is read is shown). -----------------


class Avro:
    """One schema. `make` answers (schema, new value, shown): a value to write, and how one that was read is shown."""

    def __init__(self):
        self.names = 0
        self.done = []  # named types that may be referred to
        self.open = []  # records that are being defined

    def name(self, kind):
        self.names += 1
        return f"{kind}{self.names}"

    def make(self, depth=0):
        kinds = ["null", "boolean", "int", "long", "float", "double", "bytes", "string", "logical", "enum", "fixed"]
        if depth < 4:
            kinds += ["record", "array", "map", "union"] * 2
        if self.done:
            kinds += ["named"]
        return getattr(self, "make_" + R.choice(kinds))(depth)

    def make_null(self, _):
        return "null", lambda: None, lambda read: read

    def make_boolean(self, _):
        return "boolean", lambda: R.random() < 0.5, lambda read: read

    def make_int(self, _):
        return "int", lambda: R.choice(INTS), lambda read: read

    def make_long(self, _):
        return "long", lambda: R.choice(LONGS), lambda read: read

    def make_float(self, _):
        floats = lambda: struct.unpack("<f", struct.pack("<f", R.choice(DOUBLES[:5] + ODD)))[0]
        return "float", floats, lambda read: number(read, True)

    def make_double(self, _):
        return "double", lambda: R.choice(DOUBLES + ODD), number

    def make_bytes(self, _):
        return "bytes", noise, shown_bytes

    def make_string(self, _):
        return R.choice(["string", {"type": "string", "avro.java.string": "String"}]), lambda: R.choice(WORDS), str

    def make_fixed(self, _):
        size = R.choice([0, 1, 7, 16])
        schema = {"type": "fixed", "name": self.name("Fixed"), "size": size}
        made = schema, lambda: R.randbytes(size), shown_bytes
        self.done.append((schema["name"], *made[1:], "object"))
        return made

    def make_enum(self, _):
        symbols = [f"S{n}" for n in range(R.randrange(1, 70))]
        schema = {"type": "enum", "name": self.name("Enum"), "symbols": symbols}
        made = schema, lambda: R.choice(symbols), str
        self.done.append((schema["name"], *made[1:], "text"))
        return made

    def make_named(self, _):
        return R.choice(self.done)[:3]

    def make_array(self, depth):
        items, value, shown = self.make(depth + 1)
        return (
            {"type": "array", "items": items},
            lambda: [value() for _ in range(R.randrange(4))],
            lambda read: [shown(one) for one in read],
        )

    def make_map(self, depth):
        items, value, shown = self.make(depth + 1)
        return (
            {"type": "map", "values": items},
            lambda: {R.choice(WORDS) + str(n): value() for n in range(R.randrange(3))},
            lambda read: {name: shown(one) for name, one in read.items()},
        )

    def make_record(self, depth):
        name = self.name("Record")
        fields = []
        for n in range(R.randrange(5)):
            schema, value, shown = self.make(depth + 1)
            field = {"name": f"f{n}", "type": schema}
            fields.append((field, value, shown))
        if R.random() < 0.3:  # recursion
            inner = {"value": lambda: None, "shown": lambda read: None}
            field = {"name": "next", "type": ["null", name]}
            fields.append((field, lambda: inner["value"](), lambda read: inner["shown"](read)))
        else:
            inner = None
        schema = {"type": "record", "name": name, "fields": [field for field, _, _ in fields]}
        value = lambda: {field["name"]: one() for field, one, _ in fields}
        shown = lambda read: {field["name"]: one(read[field["name"]]) for field, _, one in fields}
        if inner:
            inner["value"] = lambda: (name, value()) if R.random() < 0.4 else None
            inner["shown"] = lambda read: None if read is None else shown(read[1] if isinstance(read, tuple) else read)
        else:
            self.done.append((name, value, shown, "object"))
        return schema, value, shown

    def make_union(self, depth):
        """Branches that fastavro can be told to write; two that look alike in JSON are shown with their names."""
        branches = [("null", lambda: None, lambda read: read, "null", None)]
        kinds = set()
        for _ in range(R.randrange(1, 5)):
            kind = R.choice(["record", "enum", "string", "boolean", "long", "array", "map", "date"])
            # A dictionary without a name could be a record as well as a map.
            if {"record": "map", "map": "record"}.get(kind) in kinds:
                continue
            kinds.add(kind)
            if kind in ("record", "enum"):
                schema, value, shown = getattr(self, "make_" + kind)(depth + 1)
                look = "text" if kind == "enum" else "object"
                branches.append((schema, tagged(schema["name"], value), shown, look, schema["name"]))
            elif kind == "date":
                if not any(one[4] in ("int", "long", "string") for one in branches):
                    schema, value, shown = LOGICAL["date"]()
                    branches.append((schema, value, shown, "text", "int"))
            elif not any(one[4] == kind or one[4] == "int" and kind in ("long", "string") for one in branches):
                look = {"string": "text", "boolean": "boolean", "long": "number", "array": "list", "map": "object"}
                schema, value, shown = getattr(self, "make_" + kind)(depth + 1)
                branches.append((schema, value, shown, look[kind], kind))
        # A type may refer to one that is defined in a branch before: only null may stand anywhere.
        branches.insert(R.randrange(len(branches)), branches.pop(0))
        looks = [one[3] for one in branches]
        last = {}

        def value():
            at = R.randrange(len(branches))
            return branches[at][1]()

        def shown(read):
            at = branch_of(read, branches)
            read = read[1] if isinstance(read, tuple) else read
            one = branches[at][2](read)
            return one if looks.count(looks[at]) == 1 else {branches[at][4]: one}

        return [one[0] for one in branches], value, shown

    def make_logical(self, _):
        schema, value, shown = R.choice(list(LOGICAL.values()))()
        if isinstance(schema, dict) and schema["type"] == "fixed":
            schema["name"] = self.name("Fixed")
        return schema, value, shown


def tagged(name, value):
    return lambda: (name, value())


def branch_of(read, branches):
    """Which branch a value that was read is of: fastavro names records and enums, the others differ by type."""
    if isinstance(read, tuple):
        return next(at for at, one in enumerate(branches) if one[4] == read[0])
    kinds = {type(None): None, str: "string", bool: "boolean", int: "long", list: "array", dict: "map"}
    kind = "int" if isinstance(read, datetime.date) else kinds[type(read)]
    if not any(one[4] == kind for one in branches):
        raise ValueError(f"{read!r} is of none of {[one[4] for one in branches]}")
    return next(at for at, one in enumerate(branches) if one[4] == kind)


def shown_bytes(read):
    return {"base64": base64.b64encode(read).decode()}


def logical(kind, name, value, shown, **more):
    return lambda: ({"type": kind, "logicalType": name, **more}, value, shown)


def moment():
    micros = R.randrange(-62135596800 * 10**6, 253402300799 * 10**6)
    return datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=micros)


def utc(spec):
    return lambda read: read.isoformat(timespec=spec).replace("+00:00", "Z")


def nanos(zone):
    def shown(read):
        seconds, rest = divmod(read, 10**9)
        at = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
        return f"{at.isoformat()}.{rest:09d}{zone}"

    return shown


def time_of_day():
    return (datetime.datetime.min + datetime.timedelta(microseconds=R.randrange(86_400 * 10**6))).time()


def plain_decimal(read):
    return format(read, "f")


def decimals(kind, precision, scale, **more):
    def make():
        value = lambda: decimal.Decimal(R.randrange(-(10**precision) + 1, 10**precision)).scaleb(-scale)
        schema = {"type": kind, "logicalType": "decimal", "precision": precision, "scale": scale, **more}
        return schema, value, plain_decimal

    return make


def duration():
    def shown(read):
        months, days, millis = struct.unpack("<III", read)
        return f"P{months}M{days}DT{millis // 1000}.{millis % 1000:03d}S"

    value = lambda: struct.pack("<III", R.randrange(2**32), R.randrange(40), R.randrange(2**32))
    return {"type": "fixed", "size": 12, "logicalType": "duration"}, value, shown


def some_uuid():
    return uuid.UUID(bytes=R.randbytes(16))


NANOS = lambda: R.choice([0, -1, 1, 1_700_000_000_123_456_789, R.randrange(-(2**62), 2**62)])
naive = lambda: moment().replace(tzinfo=None)
LOGICAL = {
    "date": logical("int", "date", lambda: moment().date(), lambda read: read.isoformat()),
    "time-millis": logical("int", "time-millis", time_of_day, lambda read: read.isoformat(timespec="milliseconds")),
    "time-micros": logical("long", "time-micros", time_of_day, lambda read: read.isoformat(timespec="microseconds")),
    "timestamp-millis": logical("long", "timestamp-millis", moment, utc("milliseconds")),
    "timestamp-micros": logical("long", "timestamp-micros", moment, utc("microseconds")),
    "timestamp-nanos": logical("long", "timestamp-nanos", NANOS, nanos("Z")),
    "local-timestamp-millis": logical(
        "long", "local-timestamp-millis", naive, lambda read: read.isoformat(timespec="milliseconds")
    ),
    "local-timestamp-micros": logical(
        "long", "local-timestamp-micros", naive, lambda read: read.isoformat(timespec="microseconds")
    ),
    "local-timestamp-nanos": logical("long", "local-timestamp-nanos", NANOS, nanos("")),
    "uuid": logical("string", "uuid", some_uuid, str),
    "uuid fixed": logical("fixed", "uuid", lambda: some_uuid().bytes, lambda read: str(as_uuid(read)), size=16),
    "decimal": decimals("bytes", 9, 2),
    "decimal 38": decimals("bytes", 38, 0),
    "decimal small": decimals("bytes", 4, 4),
    "decimal fixed": decimals("fixed", 18, 6, size=8),
    "duration": duration,
    "unknown": logical("string", "no-such-type", lambda: R.choice(WORDS), str),
}


def as_uuid(read):
    return read if isinstance(read, uuid.UUID) else uuid.UUID(bytes=read)


def avro():
    one = Avro()
    schema, value, shown = one.make_record(0) if R.random() < 0.8 else one.make()
    parsed = fastavro.parse_schema(json.loads(json.dumps(schema)))
    cases = []
    for _ in range(CASES):
        out = io.BytesIO()
        fastavro.schemaless_writer(out, parsed, value())
        read = fastavro.schemaless_reader(
            io.BytesIO(out.getvalue()), parsed, None, return_named_type=True
        )
        cases.append([base64.b64encode(out.getvalue()).decode(), shown(read)])
    return {"kind": "avro", "schema": json.dumps(schema), "cases": cases}


# ---- Protobuf --------------------------------------------------------------------------------------------------------

SCALARS = "double float int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string bytes"
KEYS = "int32 int64 uint32 uint64 sint32 sint64 fixed32 fixed64 sfixed32 sfixed64 bool string"
KNOWN = [
    "Timestamp", "Duration", "Struct", "Value", "ListValue", "Any", "FieldMask", "Empty", "NullValue", "DoubleValue",
    "FloatValue", "Int64Value", "UInt64Value", "Int32Value", "UInt32Value", "BoolValue", "StringValue", "BytesValue",
]  # fmt: skip
IMPORTS = ["timestamp", "duration", "struct", "any", "field_mask", "empty", "wrappers"]


def numbers(count):
    sizes = [range(1, 16), range(16, 2048), range(20000, 536870911)]
    found = set()
    while len(found) < count:
        found.add(R.choice(R.choice(sizes)))
    return R.sample(sorted(found), count)


def proto_file(package):
    old = R.random() < 0.4
    names = [f"M{n}" for n in range(R.randrange(1, 4))]
    text = [f'syntax = "proto{2 if old else 3}";', f"package {package};"]
    text += [f'import "google/protobuf/{one}.proto";' for one in IMPORTS]
    first = R.choice([0, 3]) if old else 0
    text += [f"enum Color {{ RED = {first}; GREEN = 7; BLUE = -2; }}"]
    for name in names:
        text += [proto_message(name, names, old, 0)]
    return "\n".join(text), names


def proto_message(name, names, old, depth):
    inside = [f"In{depth}"] if depth < 2 and R.random() < 0.5 else []
    count = R.randrange(1, 8)
    ids = numbers(count + 3)
    lines = [proto_message(one, names, old, depth + 1) for one in inside]
    if R.random() < 0.3:
        lines += ["enum Size { SMALL = 0; LARGE = 1; }"]
    types = names + inside + ["Color"]
    for n in range(count):
        lines += [proto_field(f"some_field_{n}", ids[n], types, old)]
    if R.random() < 0.4:
        lines += ["oneof choice {", f"  {R.choice(SCALARS.split())} first_one = {ids[count]};"]
        lines += [f"  {R.choice(types)} other_one = {ids[count + 1]};", "}"]
    return f"message {name} {{\n" + "\n".join(lines) + "\n}"


def proto_field(name, number, types, old):
    kind = R.random()
    scalar = R.choice(SCALARS.split())
    known = f"google.protobuf.{R.choice(KNOWN)}"
    if kind < 0.12:
        value = R.choice([scalar, R.choice(types), known])
        if old and value == "Color" or value.endswith("NullValue"):
            value = scalar
        return f"map<{R.choice(KEYS.split())}, {value}> {name} = {number};"
    if old and kind < 0.2:
        word = R.choice(["optional", "repeated"])
        return f"{word} group G{name.replace('_', '').capitalize()} = {number} {{ optional int32 x = 1; repeated string y = 2; }}"
    if old and kind < 0.3:
        default = R.choice(['string {} = {} [default = "\\ttext"]', "int32 {} = {} [default = -7]", "bool {} = {} [default = true]"])
        return f"optional {default.format(name, number)};"
    type_ = scalar if kind < 0.6 else R.choice(types) if kind < 0.8 else known
    word = R.choice(["optional", "repeated", "required"] if old else ["", "optional", "repeated"])
    if word == "required" and (type_ in types and type_ != "Color"):
        word = "optional"
    packed = ""
    if word == "repeated" and type_ in SCALARS.split() and type_ not in ("string", "bytes"):
        packed = R.choice(["", " [packed = true]", " [packed = false]"])
    return f"{word} {type_} {name} = {number}{packed};"


def fill(message, others, depth=0):
    for field in message.DESCRIPTOR.fields:
        if not is_required(field) and R.random() < (0.25 if depth < 2 else 0.95):
            continue
        if is_repeated(field):
            if field.message_type and field.message_type.GetOptions().map_entry:
                fill_map(message, field, others, depth)
                continue
            for _ in range(R.randrange(1, 4)):
                if field.message_type:
                    fill_one(getattr(message, field.name).add(), others, depth + 1)
                else:
                    getattr(message, field.name).append(scalar_of(field))
        elif field.message_type:
            inner = getattr(message, field.name)
            inner.SetInParent()
            fill_one(inner, others, depth + 1)
        else:
            setattr(message, field.name, scalar_of(field))


def is_repeated(field):
    return field.is_repeated


def is_required(field):
    return field.is_required


def fill_map(message, field, others, depth):
    key, value = (field.message_type.fields_by_name[name] for name in ("key", "value"))
    for _ in range(R.randrange(3)):
        at = getattr(message, field.name)
        if value.message_type:
            fill_one(at[scalar_of(key)], others, depth + 1)
        else:
            at[scalar_of(key)] = scalar_of(value)


def fill_one(message, others, depth):
    name = message.DESCRIPTOR.full_name
    if name == "google.protobuf.Timestamp":
        message.seconds = R.choice([0, -1, 1_700_000_000, R.randrange(-62135596800, 253402300799)])
        message.nanos = R.choice([0, 1, 120_000_000, 123_456_000, 999_999_999])
    elif name == "google.protobuf.Duration":
        sign = R.choice([1, -1])
        message.seconds = sign * R.choice([0, 1, 315_576_000_000])
        message.nanos = sign * R.choice([0, 1, 10_000_000, 123_456_000])
    elif name == "google.protobuf.Struct":
        message.update({R.choice(WORDS): json_value(depth) for _ in range(3)})
    elif name == "google.protobuf.ListValue":
        message.extend([json_value(depth) for _ in range(R.randrange(3))])
    elif name == "google.protobuf.Value":
        json_format.ParseDict(json_value(depth), message)
    elif name == "google.protobuf.Any":
        inner = R.choice(others)()
        fill_one(inner, others, depth + 2)
        message.Pack(inner)
    elif name == "google.protobuf.FieldMask":
        message.paths.extend(R.sample(["a", "some_field", "x_y.z", "b1"], R.randrange(4)))
    elif name.startswith("google.protobuf.") and name.endswith("Value"):
        message.value = scalar_of(message.DESCRIPTOR.fields[0])
    else:
        fill(message, others, depth)


def json_value(depth):
    plain = [None, True, R.choice(WORDS), R.choice(DOUBLES[2:]), R.randrange(-9, 9)]
    if depth > 3:
        return R.choice(plain)
    return R.choice(plain + [[json_value(depth + 1)], {"k": json_value(depth + 1)}])


def scalar_of(field):
    kind = field.cpp_type
    if kind == FieldDescriptor.CPPTYPE_INT32:
        return R.choice(INTS)
    if kind == FieldDescriptor.CPPTYPE_INT64:
        return R.choice(LONGS)
    if kind == FieldDescriptor.CPPTYPE_UINT32:
        return R.choice([0, 1, 127, 128, 2**31, 2**32 - 1])
    if kind == FieldDescriptor.CPPTYPE_UINT64:
        return R.choice([0, 1, 2**53 + 1, 2**63, 2**64 - 1])
    if kind == FieldDescriptor.CPPTYPE_DOUBLE:
        return R.choice(DOUBLES + ODD)
    if kind == FieldDescriptor.CPPTYPE_FLOAT:
        return struct.unpack("<f", struct.pack("<f", R.choice(DOUBLES[:5] + ODD)))[0]
    if kind == FieldDescriptor.CPPTYPE_BOOL:
        return R.random() < 0.5
    if kind == FieldDescriptor.CPPTYPE_ENUM:
        values = [one.number for one in field.enum_type.values]
        closed = field.enum_type.is_closed or field.enum_type.full_name == "google.protobuf.NullValue"
        return R.choice(values if closed else values + [99, -7])
    return noise() if field.type == FieldDescriptor.TYPE_BYTES else R.choice(WORDS)


def all_protobuf():
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for n in range(EACH):
            text, names = proto_file(f"c{n}.sub")
            files[f"c{n}.proto"] = text, names
            with open(os.path.join(folder, f"c{n}.proto"), "w") as out:
                out.write(text)
        include = os.path.join(os.path.dirname(grpc_tools.__file__), "_proto")
        out = os.path.join(folder, "out.bin")
        code = protoc.main(["protoc", f"-I{folder}", f"-I{include}", f"--descriptor_set_out={out}", "--include_imports", *files])
        assert code == 0
        found = descriptor_pb2.FileDescriptorSet.FromString(open(out, "rb").read())
    pool = descriptor_pool.DescriptorPool()
    for file in found.file:
        pool.Add(file)
    for n, (text, names) in enumerate(files.values()):
        yield protobuf(pool, n, text, names)


def protobuf(pool, n, text, names):
    classes = [message_factory.GetMessageClass(pool.FindMessageTypeByName(f"c{n}.sub.{name}")) for name in names]
    known = [
        message_factory.GetMessageClass(pool.FindMessageTypeByName(f"google.protobuf.{name}"))
        for name in ("Duration", "StringValue", "Struct", "Empty", "Timestamp")
    ]
    at = R.randrange(len(classes))
    cases = []
    while len(cases) < CASES:
        message = classes[at]()
        fill(message, classes + known)
        payload = message.SerializePartialToString()
        if R.random() < 0.2:  # what comes twice is merged
            other = classes[at]()
            fill(other, classes + known)
            payload += other.SerializePartialToString()
        read = classes[at]()
        read.MergeFromString(payload)
        try:
            shown = json_format.MessageToDict(
                read,
                preserving_proto_field_name=True,
                always_print_fields_with_no_presence=True,
                descriptor_pool=pool,
            )
        except json_format.SerializeToJsonError:  # merged, it may be a duration of two signs
            continue
        cases.append([base64.b64encode(payload).decode(), shown])
    return {"kind": "protobuf", "schema": text, "index": [at], "cases": cases}


def main():
    lines = [avro() for _ in range(EACH)] + list(all_protobuf())
    text = "".join(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    place = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus.jsonl.gz")
    with open(place, "wb") as out:
        out.write(gzip.compress(text.encode(), 9, mtime=0))
    print(len(lines), "schemas,", os.path.getsize(place), "bytes")


main()
