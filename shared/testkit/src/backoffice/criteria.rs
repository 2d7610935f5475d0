//! Search criteria: filters in groups, sorting and pages, in either spelling.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use document::{Number, Value, object};

use crate::Request;

/// One filter.
#[derive(Debug, Clone, Default)]
struct Filter {
    field: String,
    value: String,
    condition: Option<String>,
}

/// Search criteria understood.
#[derive(Debug, Default)]
pub(crate) struct Criteria {
    groups: BTreeMap<u32, BTreeMap<u32, Filter>>,
    sorts: BTreeMap<u32, (String, String)>,
    page_size: Option<usize>,
    current_page: Option<usize>,
}

const CONDITIONS: [&str; 11] = ["eq", "neq", "gt", "gteq", "lt", "lteq", "in", "nin", "like", "null", "notnull"];

impl Criteria {
    /// Reads the criteria; `Ok(None)` when the request has none at all, the error is the text of a 400.
    pub(crate) fn read(request: &Request) -> Result<Option<Self>, String> {
        let mut criteria = Self::default();
        let mut any = false;
        for (key, value) in &request.query {
            let mut steps = key.split(['[', ']']).filter(|step| !step.is_empty());
            if !matches!(steps.next(), Some("searchCriteria" | "search_criteria")) {
                continue;
            }
            any = true;
            criteria.take(&steps.collect::<Vec<_>>(), value).ok_or_else(|| format!("{key} is not understood"))?;
        }
        let conditions = criteria.groups.values().flat_map(BTreeMap::values).filter_map(|filter| filter.condition.as_deref());
        if let Some(unknown) = conditions.into_iter().find(|condition| !CONDITIONS.contains(condition)) {
            return Err(format!("condition {unknown} is not understood"));
        }
        Ok(any.then_some(criteria))
    }

    fn take(&mut self, steps: &[&str], value: &str) -> Option<()> {
        match steps {
            [] => {}
            ["filter_groups" | "filterGroups", group, "filters", filter, member] => {
                let filter = self.groups.entry(group.parse().ok()?).or_default().entry(filter.parse().ok()?).or_default();
                match *member {
                    "field" => value.clone_into(&mut filter.field),
                    "value" => value.clone_into(&mut filter.value),
                    "condition_type" | "conditionType" => filter.condition = Some(value.to_owned()),
                    _ => return None,
                }
            }
            ["sortOrders" | "sort_orders", index, member] => {
                let sort = self.sorts.entry(index.parse().ok()?).or_default();
                match *member {
                    "field" => value.clone_into(&mut sort.0),
                    "direction" => sort.1 = value.to_ascii_uppercase(),
                    _ => return None,
                }
            }
            ["pageSize" | "page_size"] => self.page_size = Some(value.parse().ok().filter(|size| *size > 0)?),
            ["currentPage" | "current_page"] => self.current_page = Some(value.parse().ok()?),
            _ => return None,
        }
        Some(())
    }

    /// The envelope for these rows.
    pub(crate) fn envelope(&self, mut rows: Vec<Value>, repeats_last_page: bool) -> Value {
        rows.retain(|row| self.groups.values().all(|group| group.values().any(|filter| filter.matches(row))));
        for (field, direction) in self.sorts.values().rev() {
            rows.sort_by(|left, right| {
                let order = compared(left.get(field), right.get(field));
                if direction == "ASC" { order } else { order.reverse() }
            });
        }
        let total = rows.len();
        let size = self.page_size.unwrap_or(total.max(1));
        let last = total.div_ceil(size).max(1);
        let page = self.current_page.unwrap_or(1).max(1);
        let page = if repeats_last_page { page.min(last) } else { page };
        let items = rows.into_iter().skip((page - 1).saturating_mul(size)).take(size).collect();
        object([("items", Some(Value::Array(items))), ("search_criteria", Some(self.echo())), ("total_count", Some(count(total)))])
    }

    fn echo(&self) -> Value {
        let groups = self.groups.values().map(|group| {
            let filters = group.values().map(|filter| {
                object([
                    ("field", Some(filter.field.as_str().into())),
                    ("value", Some(filter.value.as_str().into())),
                    ("condition_type", Some(filter.condition.as_deref().unwrap_or("eq").into())),
                ])
            });
            object([("filters", Some(Value::Array(filters.collect())))])
        });
        let groups = Value::Array(groups.collect());
        object([("filter_groups", Some(groups)), ("page_size", self.page_size.map(count)), ("current_page", self.current_page.map(count))])
    }
}

impl Filter {
    fn matches(&self, row: &Value) -> bool {
        let held = row.get(&self.field).filter(|value| **value != Value::Null);
        let ordering = || held.map(|held| compared(Some(held), Some(&Value::from(self.value.as_str()))));
        let listed = || held.and_then(Value::plain).is_some_and(|held| self.value.split(',').any(|one| one.trim() == held));
        match self.condition.as_deref().unwrap_or("eq") {
            "eq" => ordering() == Some(Ordering::Equal),
            "neq" => ordering().is_some_and(|order| order != Ordering::Equal),
            "gt" => ordering() == Some(Ordering::Greater),
            "gteq" => ordering().is_some_and(|order| order != Ordering::Less),
            "lt" => ordering() == Some(Ordering::Less),
            "lteq" => ordering().is_some_and(|order| order != Ordering::Greater),
            "in" => listed(),
            "nin" => !listed(),
            "like" => held.and_then(Value::plain).is_some_and(|held| like(&held, &self.value)),
            "null" => held.is_none(),
            _ => held.is_some(),
        }
    }
}

/// Integers as integers, equal decimals as equal, all else as text.
fn compared(left: Option<&Value>, right: Option<&Value>) -> Ordering {
    let (left, right) = (left.and_then(Value::plain), right.and_then(Value::plain));
    if let (Some(left), Some(right)) = (&left, &right) {
        if let (Ok(left), Ok(right)) = (left.parse::<i64>(), right.parse::<i64>()) {
            return left.cmp(&right);
        }
        if let (Some(left), Some(right)) = (Number::from_text(left), Number::from_text(right))
            && left == right
        {
            return Ordering::Equal;
        }
    }
    left.cmp(&right)
}

/// `%` stands for anything.
fn like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('%');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else { return rest.is_empty() };
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

fn count(number: usize) -> Value {
    Value::from(i64::try_from(number).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::like;

    #[test]
    fn a_percent_sign_stands_for_anything() {
        for (text, pattern, fits) in [("TEE-RED", "TEE%", true), ("TEE-RED", "%RED", true), ("TEE-RED", "T%-R%D", true), ("TEE-RED", "TEE", false), ("TEE", "TEE", true), ("TEE", "%", true), ("TEE", "TEE%E", false)] {
            assert_eq!(like(text, pattern), fits, "{text} like {pattern}");
        }
    }
}
