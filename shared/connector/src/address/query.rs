//! The parameters an address has of its own: what stands beside it adds others, and replaces none of these.

use url::form_urlencoded::parse;

use super::{Address, piece::Piece};

/// Stands for a value: no name that is written has it.
const VALUE: &str = "\u{0}";

impl Address {
    /// The names of the parameters written in it, sorted, each once; a name with a value in it is not known.
    pub(crate) fn parameters(&self) -> &[String] {
        &self.parameters
    }

    /// Whether it has a parameter of a name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.parameters.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
    }

    /// A parameter whose name begins so.
    pub(crate) fn begins(&self, start: &str) -> Option<String> {
        let at = self.parameters.partition_point(|known| known.as_str() < start);
        self.parameters.get(at).filter(|known| known.starts_with(start)).cloned()
    }
}

/// The names of the parameters in a path and query.
pub(super) fn parameters(rest: &[Piece]) -> Vec<String> {
    let text: String = rest.iter().map(|piece| if let Piece::Text(text) = piece { text.as_str() } else { VALUE }).collect();
    let query = text.split('#').next().and_then(|text| text.split_once('?')).map_or("", |(_, query)| query);
    let mut names: Vec<String> = parse(query.as_bytes()).map(|(name, _)| name.into_owned()).filter(|name| !name.is_empty() && !name.contains(VALUE)).collect();
    names.sort();
    names.dedup();
    names
}
