//! A call as it is read: is there such a function, are there as many arguments as it takes, and can the constant ones be right?
//!
//! Called by the parser. What constant arguments mean (a pattern, a zone, a format) is made here, once.

use crate::{ast::{Call, Constant, Kind, Node}, function::{FUNCTIONS, Function, Param, Takes, Times}, prepared::{Prepared, prepare}, problem::{MOST_PROBLEMS, Problem, one_of, shortened}};

/// What other languages call what is here under another name.
const ALIASES: &[(&str, &str)] = &[
    ("len", "length(x)"), ("count", "length(x)"), ("size", "length(x)"), ("str", "text(x)"), ("string", "text(x)"), ("float", "decimal(x)"), ("number", "decimal(x)"), ("integer", "int(x)"),
    ("tojson", "json(x)"), ("fromjson", "parse_json(x)"), ("strftime", "format_date(x, format)"), ("format_datetime", "format_date(x, format)"), ("strptime", "parse_date(x, format)"),
    ("now_utc", "now()"), ("today_utc", "today()"), ("concat", "a ~ b"), ("md5_hex", "md5(x)"), ("urlencode", "url_encode(x)"), ("unique", "uniq(x)"), ("filter", "where(list, item.name == 1)"),
    ("select", "where(list, item.name == 1)"), ("selectattr", "where(list, 'name')"), ("substring", "slice(x, from, to)"), ("truncate", "slice(x, 0, most)"), ("ifnull", "x ?? y"), ("if", "a if c else b"),
    ("capitalize", "title(x)"), ("strip", "trim(x)"), ("downcase", "lower(x)"), ("upcase", "upper(x)"), ("lowercase", "lower(x)"), ("uppercase", "upper(x)"), ("hmac", "hmac_sha256(x, key)"),
];

/// Whether the argument at a place is evaluated for each element.
pub(crate) fn is_body(function: &Function, at: usize) -> bool {
    function.param(at).is_some_and(|param| param.takes == Takes::Each)
}

/// The call, or what is wrong with it.
pub(crate) fn made(at: usize, name: &str, arguments: Vec<Node>, problems: &mut Vec<Problem>) -> Option<Call> {
    let Some(function) = Function::named(name) else {
        let message = format!("there is no function `{}`", shortened(name));
        if problems.len() >= MOST_PROBLEMS || problems.iter().any(|problem| problem.message == message) {
            return None;
        }
        let hint = match ALIASES.iter().find(|(alias, _)| alias.eq_ignore_ascii_case(name)) {
            Some((_, here)) => format!("write `{here}`"),
            None => one_of(name, FUNCTIONS.iter().map(|function| function.name)),
        };
        problems.push(Problem::at("expression_unknown_function", at, message, hint));
        return None;
    };
    let most = if function.params.last().is_some_and(|last| last.times == Times::Any) { usize::MAX } else { function.params.len() };
    if arguments.len() < function.least() || arguments.len() > most {
        let message = format!("`{name}` does not take {} argument{}", arguments.len(), if arguments.len() == 1 { "" } else { "s" });
        problems.push(Problem::at("expression_arguments", at, message, format!("write `{}`", function.signature())));
        return None;
    }
    let mut made = Vec::with_capacity(arguments.len());
    for (place, node) in arguments.iter().enumerate() {
        match function.param(place).map_or(Ok(Prepared::None), |param| prepared(param, node)) {
            Ok(prepared) => made.push(prepared),
            Err((code, message, hint)) => {
                problems.push(Problem::at(code, node.at as usize, format!("`{name}` cannot take this: {message}"), hint));
                made.push(Prepared::None);
            }
        }
    }
    Some(Call { function, arguments: arguments.into(), prepared: made.into() })
}

type Wrong = (&'static str, String, String);

fn prepared(param: &Param, node: &Node) -> Result<Prepared, Wrong> {
    let wrong = |expected: &str, found: &str| ("expression_argument", format!("{} is {expected}, not {found}", param.name), format!("give {expected}"));
    let constant = match &node.kind {
        Kind::Constant(constant) => constant,
        _ if param.takes == Takes::Pattern => return Err(("expression_pattern", "a pattern is a constant text".into(), "write the pattern out, in quotes".into())),
        _ if param.takes == Takes::Each => return Ok(Prepared::Body),
        Kind::List(_) if !matches!(param.takes, Takes::Any | Takes::List | Takes::Format | Takes::FormatOrZone) => return Err(wrong(param.takes.word(), "a list")),
        Kind::Map(_) if !matches!(param.takes, Takes::Any) => return Err(wrong(param.takes.word(), "an object")),
        _ => return Ok(Prepared::None),
    };
    match (param.takes, constant) {
        (Takes::Any, _) => Ok(Prepared::None),
        (Takes::Number, Constant::Number(_, Some(_))) => Ok(Prepared::None),
        (Takes::Integer, Constant::Number(_, Some(number))) if number.whole().is_some() => Ok(Prepared::None),
        (Takes::Pattern | Takes::Each, Constant::Null | Constant::Bool(_) | Constant::Number(..)) => Err(wrong(param.takes.word(), constant.word())),
        (_, Constant::Null) => Ok(Prepared::None),
        (Takes::Number | Takes::Integer | Takes::List, _) => Err(wrong(param.takes.word(), constant.word())),
        (takes, Constant::Text(text)) => prepare(takes, text),
        (takes, constant) => Err(wrong(takes.word(), constant.word())),
    }
}

impl Constant {
    fn word(&self) -> &'static str {
        match self {
            Constant::Null => "null",
            Constant::Bool(_) => "a boolean",
            Constant::Number(_, Some(number)) if number.whole().is_none() => "a number with a fraction",
            Constant::Number(_, Some(_)) => "a number",
            Constant::Number(_, None) => "a number of more",
            Constant::Text(_) => "a text",
        }
    }
}

impl Takes {
    /// What it takes, in words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Takes::Any => "a value",
            Takes::Text => "a text",
            Takes::Number => "a number of at most 28 digits",
            Takes::Integer => "a whole number",
            Takes::List => "a list",
            Takes::Pattern => "a regular expression",
            Takes::Word(_) => "one of a few words",
            Takes::Zone => "a time zone",
            Takes::Format | Takes::FormatOrZone => "a format",
            Takes::Duration => "an ISO 8601 duration",
            Takes::Each => "a path or an expression over `item`",
        }
    }
}
