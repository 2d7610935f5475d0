//! Message attributes: what may be sent beside a body, and the digest SDKs compare.
//!
//! The digest is AWS's own: names in order, each length as four bytes, one byte for the transport type.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

use super::fault;
use crate::refusal::Refusal;

/// Attributes by name; the order of the map is the order of the digest.
pub(crate) type Attributes = BTreeMap<String, Attribute>;

const MOST: usize = 10;

/// One attribute as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Attribute {
    #[serde(default)]
    pub(crate) data_type: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) string_value: Option<String>,
    /// Base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) binary_value: Option<String>,
}

impl Attribute {
    fn binary(&self) -> bool {
        self.data_type.split('.').next() == Some("Binary")
    }

    /// The transport type's byte and the value's bytes.
    fn value(&self) -> (u8, Vec<u8>) {
        if self.binary() {
            let bytes = self.binary_value.as_deref().and_then(|text| STANDARD.decode(text).ok());
            (2, bytes.unwrap_or_default())
        } else {
            (1, self.string_value.clone().unwrap_or_default().into_bytes())
        }
    }
}

/// What the attributes add to a message's size: names, types and values.
pub(crate) fn size(attributes: &Attributes) -> usize {
    attributes.iter().map(|(name, one)| name.len() + one.data_type.len() + one.value().1.len()).sum()
}

/// The digest, absent when there is nothing to digest.
pub(crate) fn digest(attributes: &Attributes) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut md5 = Md5::new();
    for (name, attribute) in attributes {
        let (transport, value) = attribute.value();
        absorb(&mut md5, name.as_bytes());
        absorb(&mut md5, attribute.data_type.as_bytes());
        md5.update([transport]);
        absorb(&mut md5, &value);
    }
    Some(hex::encode(md5.finalize()))
}

/// Refuses attributes that AWS would.
pub(crate) fn check(attributes: &Attributes) -> Result<(), Refusal> {
    if attributes.len() > MOST {
        let count = attributes.len();
        return Err(fault::invalid(format!(
            "Number of message attributes [{count}] exceeds the allowed maximum [{MOST}]."
        )));
    }
    attributes.iter().try_for_each(|(name, attribute)| check_one(name, attribute))
}

/// The attributes a receiver asked for: by name, by `prefix.*`, or all of them.
pub(crate) fn asked_for(mut attributes: Attributes, names: &[String]) -> Attributes {
    let asked = |name: &str| {
        names.iter().any(|wanted| match wanted.strip_suffix(".*") {
            _ if wanted == "All" => true,
            Some(prefix) => prefix.is_empty() || name.starts_with(&format!("{prefix}.")),
            None => wanted == name,
        })
    };
    attributes.retain(|name, _| asked(name));
    attributes
}

fn absorb(md5: &mut Md5, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).expect("a message is at most 1 MiB");
    md5.update(length.to_be_bytes());
    md5.update(bytes);
}

fn check_one(name: &str, attribute: &Attribute) -> Result<(), Refusal> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let reserved = ["aws.", "amazon."].iter().any(|prefix| name.to_ascii_lowercase().starts_with(prefix));
    let dotted = name.starts_with('.') || name.ends_with('.') || name.contains("..");
    if name.is_empty() || name.len() > 256 || reserved || dotted || !name.bytes().all(allowed) {
        return Err(fault::invalid(format!("Invalid message attribute name '{name}'.")));
    }
    let kind = attribute.data_type.split('.').next().unwrap_or_default();
    if kind.is_empty() {
        return Err(fault::invalid(format!(
            "The message attribute '{name}' must contain non-empty message attribute type."
        )));
    }
    let decodes = |text: &String| STANDARD.decode(text).is_ok_and(|bytes| !bytes.is_empty());
    let filled = match kind {
        "String" | "Number" => attribute.string_value.as_ref().is_some_and(|text| !text.is_empty()),
        "Binary" => attribute.binary_value.as_ref().is_some_and(decodes),
        _ => {
            return Err(fault::invalid(format!(
                "The type of message (user) attribute '{name}' is invalid. You must use only the following supported \
                 type prefixes: Binary, Number, String."
            )));
        }
    };
    if !filled {
        return Err(fault::invalid(format!(
            "Message (user) attribute '{name}' must contain a non-empty value of type '{kind}'."
        )));
    }
    let text = attribute.string_value.as_deref().unwrap_or_default();
    if kind == "Number" && !number(text) {
        return Err(fault::invalid(format!("Can't cast the value of message (user) attribute '{name}' to a number.")));
    }
    if super::contents::allowed(text) { Ok(()) } else { Err(fault::invalid_contents()) }
}

/// Whether the text is a decimal number, in any spelling with digits.
fn number(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::{Attribute, Attributes, digest};

    fn string(kind: &str, value: &str) -> Attribute {
        Attribute { data_type: kind.into(), string_value: Some(value.into()), binary_value: None }
    }

    #[test]
    fn attributes_have_the_digest_sdks_compare() {
        // tests/contract/sqs_messages.py computes digests on its own for all three transport types, and its judges agree.
        let timestamp = Attributes::from([("timestamp".into(), string("Number", "1493147359900"))]);
        assert_eq!(digest(&timestamp).as_deref(), Some("235c5c510d26fb653d073faed50ae77c"));
        assert_eq!(digest(&Attributes::new()), None);
    }
}
