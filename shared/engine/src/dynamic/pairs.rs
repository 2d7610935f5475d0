//! Names and values of a query or a form, several values of one name written in the style the definition names.

use connector::{Param, RenderError, Scene, Style};
use document::Value;
use fault::Simple;

/// Names and values in order; the last says whether the value goes as it is.
#[derive(Default)]
pub(crate) struct Pairs(Vec<(String, String, bool)>);

impl Pairs {
    pub(crate) fn add<'a>(&mut self, param: &'a Param, scene: &Scene<'_, 'a>, omit_empty: bool) -> Result<(), Simple> {
        let Some(value) = param.value.render(scene).map_err(|error| Simple::from_fault(&error))?.filter(|value| *value != Value::Null) else { return Ok(()) };
        let name = &param.name;
        let not_text = || Simple::from_fault(&RenderError::NotText(name.clone()));
        if param.style == Style::Json {
            self.0.push((name.clone(), value.to_string(), false));
            return Ok(());
        }
        let several = value.items().is_some();
        let items = if let Value::Array(items) = value { items } else { vec![value] };
        let texts: Vec<String> = items.iter().filter(|item| **item != Value::Null).map(|item| item.plain().ok_or_else(not_text)).collect::<Result<_, _>>()?;
        let texts = texts.into_iter().filter(|text| !(omit_empty && text.is_empty()));
        let between = match param.style {
            Style::Comma => ",",
            Style::Space => " ",
            Style::Pipe => "|",
            Style::Repeat | Style::Brackets | Style::Indexed | Style::Json | Style::Raw => "",
        };
        if !between.is_empty() {
            let joined = texts.collect::<Vec<_>>().join(between);
            if !(several && joined.is_empty()) {
                self.0.push((name.clone(), joined, false));
            }
            return Ok(());
        }
        for (index, text) in texts.enumerate() {
            let name = match param.style {
                Style::Brackets => format!("{name}[]"),
                Style::Indexed => format!("{name}[{index}]"),
                _ => name.clone(),
            };
            self.0.push((name, text, param.style == Style::Raw));
        }
        Ok(())
    }

    pub(crate) fn set(&mut self, name: &str, value: String) {
        self.0.retain(|(known, _, _)| known != name);
        self.0.push((name.to_owned(), value, false));
    }

    /// Names and values alone.
    pub(crate) fn plain(self) -> Vec<(String, String)> {
        self.0.into_iter().map(|(name, value, _)| (name, value)).collect()
    }

    /// Puts them behind what the address has.
    pub(crate) fn append(self, url: &mut url::Url) {
        if self.0.is_empty() {
            return;
        }
        let mut raw = Vec::new();
        {
            let mut query = url.query_pairs_mut();
            for (name, value, as_is) in self.0 {
                if as_is {
                    raw.push((name, value));
                } else {
                    query.append_pair(&name, &value);
                }
            }
        }
        for (name, value) in raw {
            let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let query = url.query().filter(|query| !query.is_empty()).map(|query| format!("{query}&")).unwrap_or_default();
            // What would end the query is encoded all the same.
            url.set_query(Some(&format!("{query}{name}={}", value.replace('&', "%26").replace('#', "%23"))));
        }
        if url.query() == Some("") {
            url.set_query(None);
        }
    }
}
