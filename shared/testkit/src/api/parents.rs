//! Lists below other records: the things of a group, and a tree of nodes asked for by their parent.

use document::{Value, object};

use super::ask::Ask;
use super::thing::{GROUPS, group};
use super::{Api, pages, route};
use crate::Answer;

impl Api {
    /// `/groups`: five of them, all at once.
    pub(crate) fn groups(&self) -> Answer {
        pages::data(GROUPS.into_iter().map(group))
    }

    /// `/groups/{id}/things`: pages by number. The last group has none.
    pub(crate) fn group_things(&self, ask: &Ask, id: &str) -> Result<Answer, String> {
        match GROUPS.into_iter().find(|group| group.to_string() == id) {
            Some(group) => pages::numbered(ask, self.things().into_iter().filter(|thing| thing.group() == group).collect()),
            None => Ok(route::nowhere()),
        }
    }

    /// `/nodes?parent=`: three without a parent, each with two, each of those with two.
    pub(crate) fn nodes(&self, ask: &Ask) -> Result<Answer, String> {
        let parent = ask.parameter("parent").unwrap_or_default();
        let known = matches!(parent.as_bytes(), [] | [b'1'..=b'3'] | [b'1'..=b'3', b'1' | b'2'] | [b'1'..=b'3', b'1' | b'2', b'1' | b'2']);
        if !known {
            return Err("parent is not a node".to_owned());
        }
        let children: &[&str] = match parent.len() {
            0 => &["1", "2", "3"],
            1 | 2 => &["1", "2"],
            _ => &[],
        };
        Ok(pages::data(children.iter().map(|child| node(&parent, child))))
    }
}

fn node(parent: &str, child: &str) -> Value {
    let id = format!("{parent}{child}");
    object([
        ("id", Some(id.as_str().into())),
        ("parent", Some(if parent.is_empty() { Value::Null } else { parent.into() })),
        ("name", Some(format!("Node {id}").into())),
        ("leaf", Some((parent.len() == 2).into())),
    ])
}
