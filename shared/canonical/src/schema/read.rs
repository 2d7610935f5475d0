//! Reads a schema file: which keywords there are, and what each becomes.
//!
//! Called once per file. It refuses what it does not know, so that nothing in a file is mistaken for a rule that is kept:
//! above all `default`, for no value is ever made up. A rule that refers to itself is refused too; so judging ends.

use document::{Sort, Value, parse_str};
use fault::Finding;

use super::{Field, Fields, Pattern, Rule, Schema, Slots, Sorts, format::FORMATS};
use crate::Order;
use document::authored::nearest;

type Read<T> = Result<T, Finding>;

/// Keywords that are rules, remarks, and those only a whole schema has.
const RULES: &[&str] = &[
    "type", "enum", "format", "pattern", "minLength", "maxLength", "minimum", "maximum", "items", "properties", "required", "dependentRequired", "$ref",
];
const REMARKS: &[&str] = &["title", "description"];
const WHOLE: &[&str] = &["$schema", "$id", "$defs", "x-pullpush", "examples"];
/// The dialect.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// So many rules may refer to one another in a row.
const DEEPEST: usize = 16;
/// A set of fields is a word of so many bits.
const MOST_FIELDS: usize = 64;

impl Schema {
    /// Reads a schema.
    ///
    /// # Errors
    /// The first thing that is no schema of ours, with its pointer.
    pub fn parse(text: &str) -> Result<Self, Finding> {
        let document = parse_str(text).map_err(|error| refuse("", error.to_string(), "write JSON"))?;
        known(&document, "", &[RULES, REMARKS, WHOLE])?;
        if document.get("$schema").and_then(Value::as_str) != Some(DIALECT) {
            return Err(refuse("/$schema", "another dialect", &format!("write {DIALECT}")));
        }
        let at = "/x-pullpush";
        let about = document.get("x-pullpush").ok_or_else(|| refuse(at, "what makes it one of ours is missing", "state type, version, key and order"))?;
        known(about, at, &[&["type", "version", "key", "order", "breaking"]])?;
        let order = match text_of(about, "order", at)? {
            "latest" => Order::Latest,
            "strict" => Order::Strict,
            _ => return Err(refuse("/x-pullpush/order", "no order rule", "write latest or strict")),
        };
        let key = about.get("key").ok_or_else(|| refuse("/x-pullpush/key", "there is no key rule", "name the field"))?;
        let version = about.get("version").and_then(Value::as_i64).and_then(|version| u32::try_from(version).ok()).filter(|version| *version > 0);
        let mut reader = Reader { document: &document, nodes: Vec::new(), read: Vec::new(), open: Vec::new() };
        reader.rule(&document, "", &[RULES, REMARKS, WHOLE])?;
        let schema = Self {
            name: text_of(about, "type", at)?.to_owned(),
            version: version.ok_or_else(|| refuse("/x-pullpush/version", "no version", "write a whole number from 1"))?,
            title: text_of(&document, "title", "")?.to_owned(),
            description: text_of(&document, "description", "")?.to_owned(),
            key: text_of(key, "field", "/x-pullpush/key")?.to_owned(),
            key_parts: texts(key.get("parts"), "/x-pullpush/key/parts")?,
            order,
            breaking: about.get("breaking").map(|_| text_of(about, "breaking", at).map(str::to_owned)).transpose()?,
            examples: document.get("examples").and_then(Value::items).unwrap_or_default().to_vec(),
            nodes: reader.nodes,
        };
        let names = |name: &String| schema.fields().is_some_and(|fields| fields.slots.find(name).is_some());
        match schema.required().any(|name| name == schema.key) && !schema.key_parts.is_empty() && schema.key_parts.iter().all(names) {
            true => Ok(schema),
            false => Err(refuse("/x-pullpush/key", "the key is no required field, or its parts are no fields", "name fields of the type")),
        }
    }
}

struct Reader<'d> {
    document: &'d Value,
    nodes: Vec<Rule>,
    /// References, and the rule each is.
    read: Vec<(&'d str, usize)>,
    /// References on whose way we are.
    open: Vec<&'d str>,
}

impl<'d> Reader<'d> {
    /// Reads a rule and answers where it is kept.
    fn rule(&mut self, value: &'d Value, at: &str, keywords: &[&[&str]]) -> Read<usize> {
        known(value, at, keywords)?;
        if let Some(reference) = value.get("$ref") {
            let beside = value.entries().unwrap_or_default().iter().find(|(key, _)| key != "$ref" && !REMARKS.contains(&key.as_str()));
            return match (reference.as_str(), beside) {
                (Some(reference), None) => self.referred(reference, &format!("{at}/$ref")),
                _ => Err(refuse(at, "rules beside a reference", "put them into what is referred to")),
            };
        }
        let sorts = value.get("type").map_or(Ok(Sorts::ANY), |sorts| sorts_of(sorts, &format!("{at}/type")))?;
        let rule = Rule {
            sorts,
            any_text: !["enum", "format", "pattern", "minLength", "maxLength"].iter().any(|keyword| value.get(keyword).is_some()),
            words: value.get("enum").map(|words| words_of(words, sorts, &format!("{at}/enum"))).transpose()?,
            format: one_of(value, "format", at, |word| FORMATS.iter().find(|(name, _)| *name == word).map(|(_, format)| *format))?,
            pattern: one_of(value, "pattern", at, Pattern::read)?,
            shortest: length(value, "minLength", at)?,
            longest: length(value, "maxLength", at)?,
            least: number(value, "minimum", at)?,
            most: number(value, "maximum", at)?,
            items: value.get("items").map(|items| self.rule(items, &format!("{at}/items"), &[RULES, REMARKS])).transpose()?,
            fields: value.get("properties").map(|_| self.fields(value, at)).transpose()?,
        };
        if rule.fields.is_none() && (value.get("required").is_some() || value.get("dependentRequired").is_some()) {
            return Err(refuse(at, "fields are required that are not declared", "declare `properties`"));
        }
        self.nodes.push(rule);
        Ok(self.nodes.len() - 1)
    }

    fn referred(&mut self, reference: &'d str, at: &str) -> Read<usize> {
        if let Some((_, rule)) = self.read.iter().find(|(name, _)| *name == reference) {
            return Ok(*rule);
        }
        let target = reference.strip_prefix("#/$defs/").and_then(|name| self.document.get("$defs")?.get(name));
        let target = target.ok_or_else(|| refuse(at, "the reference leads nowhere", "refer to `#/$defs/NAME`"))?;
        if self.open.contains(&reference) || self.open.len() >= DEEPEST {
            return Err(refuse(at, "the rule refers to itself, or through too many others", "state how deep it may go"));
        }
        self.open.push(reference);
        let rule = self.rule(target, &reference[1..], &[RULES, REMARKS])?;
        self.open.pop();
        self.read.push((reference, rule));
        Ok(rule)
    }

    fn fields(&mut self, value: &'d Value, at: &str) -> Read<Fields> {
        let declared = value.get("properties").and_then(Value::entries).filter(|fields| fields.len() <= MOST_FIELDS);
        let declared = declared.ok_or_else(|| refuse(&format!("{at}/properties"), "no fields, or more than 64", "write an object of at most 64 fields"))?;
        let mut list = Vec::with_capacity(declared.len());
        for (name, field) in declared {
            let at = format!("{at}/properties/{name}");
            let rule = self.rule(field, &at, &[RULES, REMARKS])?;
            list.push(Field { name: name.clone(), rule, title: text_of(field, "title", &at)?.to_owned(), description: text_of(field, "description", &at)?.to_owned() });
        }
        let slots = Slots::of(list.iter().map(|field| field.name.as_str()));
        let bits = |names: &Value, at: &str| -> Read<u64> {
            texts(Some(names), at)?.iter().try_fold(0, |bits, name| match slots.find(name) {
                Some(bit) => Ok(bits | 1 << bit),
                None => Err(refuse(at, "a field that is not declared", "declare it in `properties`")),
            })
        };
        let required = value.get("required").map_or(Ok(0), |names| bits(names, &format!("{at}/required")))?;
        if let Some(field) = list.iter().enumerate().find(|(bit, field)| required & (1 << bit) != 0 && self.nodes[field.rule].sorts.has(Sort::Null)) {
            return Err(refuse(&format!("{at}/properties/{}", field.1.name), "a required field may be null", "leave `null` out of its type"));
        }
        let mut dependent = Vec::new();
        for (name, needs) in value.get("dependentRequired").and_then(Value::entries).unwrap_or_default() {
            let at = format!("{at}/dependentRequired/{name}");
            let who = slots.find(name).ok_or_else(|| refuse(&at, "a field that is not declared", "declare it in `properties`"))?;
            dependent.push((1 << who, bits(needs, &at)?));
        }
        Ok(Fields { list, slots, required, dependent })
    }
}

fn refuse(at: &str, message: impl Into<String>, hint: &str) -> Finding {
    Finding::error("canonical_schema_invalid", at, message, hint)
}

/// Refuses the first keyword that is none of these.
fn known(value: &Value, at: &str, keywords: &[&[&str]]) -> Read<()> {
    let entries = value.entries().ok_or_else(|| refuse(at, "an object is expected", "write the rules as an object"))?;
    let all = || keywords.iter().flat_map(|some| some.iter().copied());
    match entries.iter().find(|(key, _)| !all().any(|keyword| keyword == key)) {
        None => Ok(()),
        Some((key, _)) => Err(refuse(&format!("{at}/{key}"), "no keyword here", &nearest(key, all()).map_or_else(|| "remove it".to_owned(), |near| format!("did you mean `{near}`?")))),
    }
}

fn text_of<'v>(value: &'v Value, key: &str, at: &str) -> Read<&'v str> {
    value.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).ok_or_else(|| refuse(&format!("{at}/{key}"), "a text is expected", "write one"))
}

fn texts(value: Option<&Value>, at: &str) -> Read<Vec<String>> {
    let items = value.and_then(Value::items).ok_or_else(|| refuse(at, "an array of texts is expected", "write one"))?;
    items.iter().map(|item| item.as_str().map(str::to_owned).ok_or_else(|| refuse(at, "an array of texts is expected", "write texts only"))).collect()
}

fn sorts_of(value: &Value, at: &str) -> Read<Sorts> {
    let one = |word: &Value| {
        let sorts = [Sort::Null, Sort::Bool, Sort::Number, Sort::Text, Sort::Array, Sort::Object];
        let sort = sorts.into_iter().find(|sort| Some(sort.word()) == word.as_str());
        sort.map(Sorts::of).ok_or_else(|| refuse(at, "no type", "write null, boolean, number, string, array or object"))
    };
    value.items().map_or_else(|| one(value), |words| words.iter().try_fold(Sorts(0), |sorts, word| Ok(sorts.with(one(word)?))))
}

/// The words of an `enum`; null is among them exactly if the type admits it.
fn words_of(value: &Value, sorts: Sorts, at: &str) -> Read<Vec<String>> {
    let (nulls, words): (Vec<&Value>, Vec<&Value>) = value.items().unwrap_or_default().iter().partition(|word| **word == Value::Null);
    let texts: Option<Vec<String>> = words.into_iter().map(|word| word.as_str().map(str::to_owned)).collect();
    let fits = sorts == Sorts::of(Sort::Text).with(if nulls.is_empty() { Sorts(0) } else { Sorts::of(Sort::Null) });
    texts.filter(|texts| fits && !texts.is_empty()).ok_or_else(|| refuse(at, "an enum is of texts, and of null where the type says so", "make `type` and `enum` agree"))
}

fn one_of<'v, T>(value: &'v Value, key: &str, at: &str, read: impl FnOnce(&'v str) -> Option<T>) -> Read<Option<T>> {
    let Some(word) = value.get(key) else { return Ok(None) };
    word.as_str().and_then(read).map(Some).ok_or_else(|| refuse(&format!("{at}/{key}"), format!("a {key} that is not known here"), "use one that is, or leave it out"))
}

fn length(value: &Value, key: &str, at: &str) -> Read<Option<usize>> {
    let Some(number) = value.get(key) else { return Ok(None) };
    number.as_i64().and_then(|number| usize::try_from(number).ok()).map(Some).ok_or_else(|| refuse(&format!("{at}/{key}"), "a whole number is expected", "write one"))
}

fn number(value: &Value, key: &str, at: &str) -> Read<Option<String>> {
    match value.get(key) {
        None => Ok(None),
        Some(Value::Number(number)) => Ok(Some(number.text().to_owned())),
        Some(_) => Err(refuse(&format!("{at}/{key}"), "a number is expected", "write one")),
    }
}
