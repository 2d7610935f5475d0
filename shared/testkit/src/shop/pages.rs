//! Pages by cursor: a list in order, cut after or before a key, with the filters remembered inside the cursor.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use document::Value;

use crate::percent;
use crate::{Answer, Request};

/// What sorts a row; unique within its list.
pub(crate) type SortKey = (i64, i64);

/// Where a page begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edge {
    After(SortKey),
    Before(SortKey),
}

/// A list request understood.
#[derive(Debug)]
pub(crate) struct Page {
    /// The filters, from the query or from the cursor.
    pub(crate) filters: Vec<(String, String)>,
    limit: usize,
    fields: Option<String>,
    edge: Option<Edge>,
}

impl Page {
    /// Reads a list request; the error is the text of a 400.
    pub(crate) fn read(request: &Request) -> Result<Self, String> {
        let limit = match request.parameter("limit") {
            None => 50,
            Some(text) => text.parse().ok().filter(|limit| (1..=250).contains(limit)).ok_or("limit is not between 1 and 250")?,
        };
        let fields = request.parameter("fields").map(str::to_owned);
        let others = request.query.iter().filter(|(key, _)| !["limit", "fields", "page_info"].contains(&key.as_str()));
        let Some(cursor) = request.parameter("page_info") else {
            return Ok(Self { filters: others.cloned().collect(), limit, fields, edge: None });
        };
        if let Some((name, _)) = others.into_iter().next() {
            return Err(format!("{name} is not allowed beside page_info"));
        }
        let (edge, filters) = opened(cursor).ok_or("page_info is not a cursor of this list")?;
        Ok(Self { filters, limit, fields, edge: Some(edge) })
    }

    /// A filter's value.
    pub(crate) fn filter(&self, name: &str) -> Option<&str> {
        self.filters.iter().find_map(|(key, value)| (key == name).then_some(value.as_str()))
    }

    /// A filter that is a list of ids.
    pub(crate) fn ids(&self, name: &str) -> Option<Vec<i64>> {
        self.filter(name).map(|text| text.split(',').filter_map(|id| id.trim().parse().ok()).collect())
    }

    /// A filter that is an instant.
    pub(crate) fn instant(&self, name: &str) -> Result<Option<i64>, String> {
        self.filter(name).map(|text| canonical::parse_time(text).ok_or_else(|| format!("{name} is not a time"))).transpose()
    }

    /// The page of these rows, under a member, with a `Link` header where there is more.
    pub(crate) fn answer(&self, request: &Request, member: &str, mut rows: Vec<(SortKey, Value)>) -> Answer {
        rows.sort_by_key(|(key, _)| *key);
        let start = match self.edge {
            None => 0,
            Some(Edge::After(edge)) => rows.partition_point(|(key, _)| *key <= edge),
            Some(Edge::Before(edge)) => rows.partition_point(|(key, _)| *key < edge).saturating_sub(self.limit),
        };
        let end = match self.edge {
            Some(Edge::Before(edge)) => rows.partition_point(|(key, _)| *key < edge),
            _ => rows.len().min(start + self.limit),
        };
        let page = rows.get(start..end).unwrap_or_default();
        let next = page.last().filter(|_| end < rows.len()).map(|(key, _)| self.link(request, Edge::After(*key), "next"));
        let previous = page.first().filter(|_| start > 0).map(|(key, _)| self.link(request, Edge::Before(*key), "previous"));
        let items = page.iter().map(|(_, row)| self.trimmed(row)).collect();
        let answer = Answer::json(200, &Value::Object(vec![(member.to_owned(), Value::Array(items))]));
        let links: Vec<String> = previous.into_iter().chain(next).collect();
        if links.is_empty() { answer } else { answer.with("link", links.join(", ")) }
    }

    fn link(&self, request: &Request, edge: Edge, relation: &str) -> String {
        let host = request.header("host").unwrap_or("127.0.0.1");
        let fields = self.fields.as_ref().map(|fields| format!("&fields={}", percent::encode(fields))).unwrap_or_default();
        format!("<http://{host}{}?page_info={}&limit={}{fields}>; rel=\"{relation}\"", request.path, closed(edge, &self.filters), self.limit)
    }

    fn trimmed(&self, row: &Value) -> Value {
        match (&self.fields, row) {
            (Some(fields), Value::Object(entries)) => {
                let wanted: Vec<&str> = fields.split(',').map(str::trim).collect();
                Value::Object(entries.iter().filter(|(key, _)| wanted.contains(&key.as_str())).cloned().collect())
            }
            _ => row.clone(),
        }
    }
}

fn closed(edge: Edge, filters: &[(String, String)]) -> String {
    let (side, (first, second)) = match edge {
        Edge::After(key) => ("a", key),
        Edge::Before(key) => ("b", key),
    };
    let filters: Vec<String> = filters.iter().map(|(key, value)| format!("{}={}", percent::encode(key), percent::encode(value))).collect();
    URL_SAFE_NO_PAD.encode(format!("{side} {first} {second} {}", filters.join("&")))
}

fn opened(cursor: &str) -> Option<(Edge, Vec<(String, String)>)> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    let mut parts = text.splitn(4, ' ');
    let side = parts.next()?;
    let key = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let edge = if side == "a" { Edge::After(key) } else { Edge::Before(key) };
    Some((edge, percent::pairs(parts.next()?)))
}
