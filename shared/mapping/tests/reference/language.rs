//! The language around the operations, chapter by chapter. Each example is a mapping, a record and what becomes of it.

/// A chapter of the page.
pub(crate) struct Chapter {
    pub(crate) title: &'static str,
    pub(crate) text: &'static str,
    pub(crate) shown: &'static [Shown],
}

/// A mapping at work; `output` is a record, a word of how it ended, or a code.
pub(crate) struct Shown {
    pub(crate) mapping: &'static str,
    pub(crate) input: &'static str,
    pub(crate) output: &'static str,
}

const fn shown(mapping: &'static str, input: &'static str, output: &'static str) -> Shown {
    Shown { mapping, input, output }
}

/// The chapters, in their order.
pub(crate) const CHAPTERS: &[Chapter] = &[
    Chapter {
        title: "A mapping",
        text: r#"
A mapping is a JSON array of operations, or an object with them in `ops`. `mapping` says what it is called (`name`, `version`,
`description`) and what it is between (`from`, `to`); `tables` declares the tables of lookups. The operations are done in
their order, each on what the one before left. What none of them touches is copied as it stands: numbers keep their digits,
objects their order.

Everything wrong with a mapping is told at once, each with code, JSON Pointer, line, column and a way out; `corpus/reject` has an
example of each. Nothing is guessed: an unknown key, operation or name is refused, with the nearest known one."#,
        shown: &[
            shown(r#"[{ "op": "cast", "field": "qty", "to": "integer" }]"#, r#"{"qty":"7","price":19.990}"#, r#"{"qty":7,"price":19.990}"#),
            shown(
                r#"
{
  "mapping": { "name": "order", "version": "1", "description": "Orders of the shop" },
  "tables": { "status": { "values": { "1": "open", "2": "paid" } } },
  "ops": [
    { "op": "lookup", "table": "status", "key": "state", "to": "status" },
    { "op": "remove", "paths": ["state"] }
  ]
}"#,
                r#"{"id":1,"state":2}"#,
                r#"{"id":1,"status":"paid"}"#,
            ),
        ],
    },
    Chapter {
        title: "Absent, null and zero",
        text: r#"
Absent is not null, and neither is zero. What is absent stays absent: no operation invents a value. Only `default` and `set`, with
constants written by the author, stand where the record says nothing; every operation says below what it does with absent and null."#,
        shown: &[
            shown(r#"[{ "op": "cast", "field": "qty", "to": "integer" }, { "op": "template", "to": "twice", "value": "{{ record.qty * 2 }}" }]"#, "{}", "{}"),
            shown(r#"[{ "op": "default", "field": "currency", "value": "SEK" }]"#, r#"{"currency":null}"#, r#"{"currency":null}"#),
        ],
    },
    Chapter {
        title: "Conditions",
        text: r#"
Every operation may have `when`, an expression that is true or false; where it is false the operation is not done. A condition
that is absent is a failure (`mapping_condition`), because silence is no answer: say what absent means, with `default(…, false)`
or `is_absent(…)`."#,
        shown: &[
            shown(r#"[{ "op": "set", "field": "free", "value": true, "when": "{{ record.total == 0 }}" }]"#, r#"{"total":0.00}"#, r#"{"total":0.00,"free":true}"#),
            shown(r#"[{ "op": "set", "field": "free", "value": true, "when": "{{ record.total == 0 }}" }]"#, r#"{"total":5}"#, r#"{"total":5}"#),
            shown(r#"[{ "op": "set", "field": "free", "value": true, "when": "{{ record.total == 0 }}" }]"#, "{}", "mapping_condition"),
        ],
    },
    Chapter {
        title: "Fields and paths",
        text: r#"
A *field* is one place in a record: names joined by points, `customer.email`, or a JSONPath of names and indices,
`$.lines[0]['unit price']`; a negative index counts from the end, and `$` is the whole record. Written to, objects appear on the way
where nothing stands or null does; elements of arrays do not, and what is neither object nor null is in the way (`mapping_target`).

A *path* may name many values. Where values are only read it is any JSONPath (RFC 9535); where they are changed in place, in
`each` and `remove`, it has names, indices and `[*]` only. Messages name places as JSON Pointers, `/lines/0/sku`."#,
        shown: &[
            shown(r#"[{ "op": "map", "to": "first.sku", "from": "$.lines[0]['article no']" }]"#, r#"{"lines":[{"article no":"A"}]}"#, r#"{"lines":[{"article no":"A"}],"first":{"sku":"A"}}"#),
            shown(r#"[{ "op": "set", "field": "customer.vip", "value": true }]"#, r#"{"customer":"Ada"}"#, "mapping_target"),
        ],
    },
    Chapter {
        title: "Names in expressions",
        text: r#"
Texts of `template`, `when`, `where` and the key of a `lookup` may hold expressions between `{{` and `}}`; a text that is a single one
keeps the type of its value. [The expressions](../expr/FUNCTIONS.md) have a reference of their own. They see:

| name | is |
|---|---|
| `record` | the record as it stands; inside `each` the whole record as it was before `each` |
| `item` | the element at hand, inside `each` only |
| `run.id` | the run; `now()` is fixed for it, and `uuid()` is made of it and of the place |
| `key` | the canonical key, where the record has one |
| `extensions` | what the canonical map kept aside, where there is such |

A name that is not known where it is used is a finding when the mapping is written, not a surprise when it runs."#,
        shown: &[
            shown(r#"[{ "op": "template", "to": "total", "value": "{{ record.qty * record.price }}" }]"#, r#"{"qty":3,"price":19.99}"#, r#"{"qty":3,"price":19.99,"total":59.97}"#),
            shown(r#"[{ "op": "template", "to": "label", "value": "{{ record.qty }} × {{ record.sku }}" }]"#, r#"{"qty":3,"sku":"A"}"#, r#"{"qty":3,"sku":"A","label":"3 × A"}"#),
            shown(
                r#"[{ "op": "each", "path": "$.lines[*]", "ops": [{ "op": "template", "to": "id", "value": "{{ record.id }}-{{ item.no }}" }] }]"#,
                r#"{"id":"A1","lines":[{"no":1},{"no":2}]}"#,
                r#"{"id":"A1","lines":[{"no":1,"id":"A1-1"},{"no":2,"id":"A1-2"}]}"#,
            ),
        ],
    },
    Chapter {
        title: "Tables",
        text: r#"
`tables` has a name for each table and either its `values`, or the `mode` in which whoever runs the mapping loads it from
elsewhere: `preload_all`, `batched` or `per_record`. A record that needs a key not loaded yet waits, tells every key it needs, and is
mapped from the start once they are there."#,
        shown: &[
            shown(
                r#"{ "tables": { "sku": { "values": { "100": "TEE-S" } } }, "ops": [{ "op": "lookup", "table": "sku", "key": "article", "to": "sku" }] }"#,
                r#"{"article":100}"#,
                r#"{"article":100,"sku":"TEE-S"}"#,
            ),
            shown(
                r#"{ "tables": { "sku": { "mode": "batched" } }, "ops": [{ "op": "lookup", "table": "sku", "key": "article", "to": "sku" }] }"#,
                r#"{"article":100}"#,
                r#"wanting [("sku", "100")]"#,
            ),
        ],
    },
    Chapter {
        title: "Failures",
        text: r#"
A record an operation cannot go on with is rejected; nothing of it is written, and the records behind it are not touched. The
failure names its code, the operation (`/ops/2/ops/0`), the path the operation names, the value in the record
(`/lines/1/qty`), what is wrong, and an excerpt of at most 40 characters. There is no excerpt where a name on the way says that the value is
a secret (`password`, `token`, `iban` and the like) or the value holds a text its caller named as one. `corpus/fail` has an example of each code."#,
        shown: &[shown(r#"[{ "op": "each", "path": "$.lines[*]", "ops": [{ "op": "cast", "field": "qty", "to": "integer" }] }]"#, r#"{"lines":[{"qty":"1"},{"qty":"many"}]}"#, "mapping_cast")],
    },
    Chapter {
        title: "Limits",
        text: r#"
| what | at most |
|---|---|
| a mapping | 1 MiB, 100,000 values, 2,000 operations, `each` 8 deep |
| a record | 32 MiB, 1,000,000 values, 64 deep |
| a field | 64 steps |
| a pattern of keys | 256 characters |
| steps of a record | 100,000, and 64 more for each of its values; what multiplies ends as `fuel_spent` |
| text that the expressions of one evaluation make | 1 MiB |
| what is made of one record | 128 MiB, 256 levels |"#,
        shown: &[],
    },
    Chapter {
        title: "Canonical maps",
        text: r#"
A definition says in `canonical_map` how the records of an entity become a canonical type. `key` is a path to the value that tells records
apart. `fields` has a source for each canonical field; a dotted name nests. `extensions` lists paths that are kept as they are, under their last name.

| source | gives |
|---|---|
| `"$.path"` | the value there, as it is |
| `{"path": …}` | the same, with the keys below |
| `{"const": …}` | always this |
| `{"value": "{{ … }}"}` | what the expression makes of `record`, and of `item` inside `each` |
| `{"each": "$.rows[*]", "fields": {…}}` | an array with an object for each element; paths inside start at it |

| key beside `path` | means |
|---|---|
| `map`, `on_miss` | the value's text is looked up here, before the cast; what is not there is an `error`, `absent`, or kept (`keep`) |
| `cast`, `scale`, `places`, `rounding`, `formats`, `zone` | as in [`cast`](#cast); `"cast": "schema"` is the form the canonical type gives the field, and beside `fields` that of every field picked without a cast |
| `default` | the value where the path names nothing; a quantity of a stock level can have none |
| `required` | absent and null reject the record |
| `absent_when_null` | a path: where it holds null, the field is absent whatever its own path says |

```json
{
  "order": {
    "type": "order",
    "key": "$.number",
    "fields": {
      "orderId": "$.number",
      "currency": { "path": "$.currency", "default": "SEK" },
      "totalAmount": { "path": "$.total_cents", "cast": "decimal", "scale": -2 },
      "status": { "path": "$.state", "map": { "1": "open", "2": "cancelled" }, "on_miss": "absent" },
      "lineItems": {
        "each": "$.rows[*]",
        "fields": { "sku": "$.article", "quantity": { "path": "$.qty", "cast": "integer", "required": true } }
      }
    },
    "extensions": ["$.vendor_note"]
  }
}
```

`{"number":"A1","total_cents":59894,"state":7,"rows":[{"article":"TEE","qty":"2"}],"vendor_note":"x"}` → `{"orderId":"A1","currency":"SEK","totalAmount":598.94,"lineItems":[{"sku":"TEE","quantity":2}]}`"#,
        shown: &[],
    },
];
