//! The explanation for people: a few aligned columns under each heading, and no heading with nothing under it.

use std::fmt::{self, Write};

use super::{EntityUse, Errand, Explanation, FieldUse, Hook, Reading, Setting};
use crate::Side;

type Rows = Vec<Vec<String>>;

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.side {
            Side::Source => "source",
            Side::Destination => "destination",
            Side::Both => "source and destination",
        };
        writeln!(f, "{}, {side}, auth {}", self.slug, self.auth.join(" or "))?;
        table(f, "speaks with", &self.contacts.iter().filter(|contact| !contact.foreign).map(|contact| vec![contact.host.clone(), errands(&contact.errands)]).collect::<Rows>())?;
        table(f, "speaks also with hosts that are not that of base_url", &self.contacts.iter().filter(|contact| contact.foreign).map(|contact| vec![contact.host.clone(), errands(&contact.errands), places(&contact.at)]).collect::<Rows>())?;
        table(f, "requests", &self.calls.iter().map(|call| vec![call.errand.to_string(), call.method.to_owned(), call.path.clone()]).collect::<Rows>())?;
        table(f, "configuration", &self.config.iter().map(setting).collect::<Rows>())?;
        table(f, "secrets are sent to", &self.secrecy())?;
        table(f, "limits", &self.limits())?;
        for entity in &self.entities {
            let becomes = entity.kind.map(|kind| format!(" becomes {kind}")).unwrap_or_default();
            table(f, &format!("entity {}{becomes}", entity.name), &self::entity(entity))?;
        }
        for scan in &self.scans {
            let mut rows = scan.reading.as_ref().map(reading).unwrap_or_else(|| vec![vec!["read".to_owned(), format!("as {}", scan.entity)]]);
            rows.extend(scan.only_keys.map(|count| vec!["by keys".to_owned(), format!("{count} a request")]));
            rows.push(vec!["what is absent".to_owned(), if scan.complete { "is not there" } else { "says nothing" }.to_owned()]);
            table(f, &format!("snapshot {} of {}", scan.kind, scan.entity), &rows)?;
        }
        table(f, "tables", &self.tables.iter().map(|(name, entity)| vec![name.clone(), format!("of {entity}")]).collect::<Rows>())?;
        for delivery in &self.deliveries {
            table(f, &format!("deliver {}", delivery.kind), &[vec!["sends".to_owned(), or(delivery.sends.join(", "), "nothing of the event")], vec!["idempotency".to_owned(), delivery.idempotency.clone()]])?;
        }
        self.webhook.iter().try_for_each(|hook| table(f, "webhook", &self.hook(hook)))?;
        table(f, "cannot be written back", &self.one_way.iter().map(|one| vec![format!("{}.{}", one.entity, one.field), one.reason.clone()]).collect::<Rows>())
    }
}

impl Explanation {
    fn secrecy(&self) -> Rows {
        let hosts = |hosts: &[String]| or(hosts.join(", "), "nobody");
        let token = (!self.token_sent_to.is_empty()).then(|| vec!["(token)".to_owned(), hosts(&self.token_sent_to)]);
        self.secrets().map(|secret| vec![secret.name.clone(), hosts(&secret.sent_to)]).chain(token).collect()
    }

    /// What is looked at in records is told with their entity already.
    fn hook(&self, hook: &Hook) -> Rows {
        let mut rows = vec![vec!["signature".to_owned(), hook.signature.clone()], vec!["headers".to_owned(), hook.headers.join(", ")]];
        rows.extend(hook.entities.iter().map(|(kind, entity)| vec![kind.clone(), format!("tells of {entity}")]));
        let told = |path: &str| self.entities.iter().flat_map(|entity| &entity.fields).any(|field| field.path == path);
        rows.extend(hook.fields.iter().filter(|field| !told(&field.path)).map(field));
        rows
    }

    fn limits(&self) -> Rows {
        let windows = self.limits.iter().map(|window| vec![format!("{} requests", window.limit), format!("in {}", duration(window.per_ms))]);
        windows.chain(self.concurrency.map(|count| vec![format!("{count} requests"), "at once".to_owned()])).collect()
    }
}

/// Places of the definition; where they are many, the first of them.
fn places(at: &[String]) -> String {
    const MANY: usize = 3;
    let more = at.len().saturating_sub(MANY);
    let shown = at.iter().take(MANY).map(|at| format!("at {at}")).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{shown} and {more} more") } else { shown }
}

fn setting(setting: &Setting) -> Vec<String> {
    let needed = match (&setting.default, setting.optional) {
        _ if !setting.made_of.is_empty() => format!("made of {}", setting.made_of.join(", ")),
        (Some(default), _) => format!("default {default}"),
        (None, true) => "optional".to_owned(),
        (None, false) => "needed".to_owned(),
    };
    vec![setting.name.clone(), if setting.secret { format!("{}, secret", setting.kind) } else { setting.kind.to_owned() }, needed, or(errands(&setting.used_for), "used nowhere")]
}

fn entity(entity: &EntityUse) -> Rows {
    let mut rows = entity.reading.as_ref().map(reading).unwrap_or_default();
    if !entity.writes.is_empty() {
        rows.push(vec!["writes".to_owned(), entity.writes.join(", ")]);
    }
    rows.extend(entity.fields.iter().map(field));
    rows
}

fn reading(reading: &Reading) -> Rows {
    let form = reading.form.map(|form| format!(", as {form}")).unwrap_or_default();
    let down = reading.expand.iter().map(|path| format!(", each {path}")).collect::<String>();
    let mut rows = vec![vec!["records".to_owned(), or(reading.records.join(", "), "the only array") + &form + &down], vec!["pages".to_owned(), reading.pages.unwrap_or("one").to_owned()]];
    if let Some(since) = &reading.since {
        let end = since.end.as_ref().map(|end| format!(" until {end}")).unwrap_or_default();
        rows.push(vec!["since".to_owned(), format!("{} in {}{end}", since.field, since.start.as_deref().unwrap_or("a template"))]);
    }
    for level in &reading.levels {
        let of = match (level.parents.join(", then "), level.listed) {
            (parents, _) if parents.is_empty() => "of a list".to_owned(),
            (parents, false) => format!("of {parents}"),
            (parents, true) => format!("of a list, else of {parents}"),
        };
        let depth = level.depth.map(|depth| format!(", a tree of {depth} levels")).unwrap_or_default();
        let batch = level.batch.map(|batch| format!(", {batch} a request")).unwrap_or_default();
        rows.push(vec![format!("for each {}", level.name), format!("{of}{depth}{batch}")]);
    }
    for (word, names) in [("reads first", &reading.parents), ("looks up in", &reading.tables)] {
        rows.extend((!names.is_empty()).then(|| vec![word.to_owned(), names.join(", ")]));
    }
    rows
}

fn field(field: &FieldUse) -> Vec<String> {
    vec![field.path.clone(), field.by.join(", ")]
}

/// Each by itself, or where they are many, how many of each sort.
fn errands(errands: &[Errand]) -> String {
    const MANY: usize = 5;
    let all = |errands: &[Errand]| errands.iter().map(Errand::to_string).collect::<Vec<_>>();
    if errands.len() <= MANY {
        return all(errands).join(", ");
    }
    let count = |one: &str, of: fn(&Errand) -> bool| Some((one.to_owned(), errands.iter().filter(|errand| of(errand)).count())).filter(|(_, count)| *count > 0);
    let single = all(&errands.iter().filter(|errand| matches!(errand, Errand::Auth | Errand::Test | Errand::Judge)).cloned().collect::<Vec<_>>());
    let sorts = [count("reads", |errand| matches!(errand, Errand::Read(_))), count("snapshots", |errand| matches!(errand, Errand::Snapshot(_))), count("deliveries", |errand| matches!(errand, Errand::Deliver(_))), count("tools", |errand| matches!(errand, Errand::Tool(_)))];
    single.into_iter().chain(sorts.into_iter().flatten().map(|(sort, count)| format!("{sort} ({count})"))).collect::<Vec<_>>().join(", ")
}

fn or(text: String, other: &str) -> String {
    if text.is_empty() { other.to_owned() } else { text }
}

/// A heading and its rows; each column is as wide as its widest cell, unless that is very wide.
fn table(f: &mut fmt::Formatter<'_>, title: &str, rows: &[Vec<String>]) -> fmt::Result {
    const WIDEST: usize = 48;
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title}")?;
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0).min(WIDEST);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let mut line = String::from(" ");
        row.iter().zip(&widths).try_for_each(|(cell, width)| write!(line, " {cell:<width$} "))?;
        writeln!(f, "{}", line.trim_end())?;
    }
    Ok(())
}

/// A span in the largest unit that says it in whole numbers.
fn duration(ms: i64) -> String {
    let unit = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "min"), (1_000, "s")].into_iter().find(|(unit, _)| ms % unit == 0);
    unit.map_or_else(|| format!("{ms} ms"), |(unit, word)| format!("{} {word}", ms / unit))
}
