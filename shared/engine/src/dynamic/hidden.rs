//! Secrets in the address of a next page: their names stand for them while it is kept, and they are put back when it is asked for.
//!
//! One that was answered in other letters keeps them: beside its name it says which. A brace that was answered is doubled, so that no answer can name a secret which was not in it.

use connector::{ApplyPlace, Auth};
use fault::Simple;
use url::{Url, form_urlencoded::{byte_serialize, parse}};

use super::{Dynamic, credentials, state::At};
use crate::{Call, Secret, Session, secret::{FORMS, SHORTEST, SHORTEST_CASED, is_cased}};

/// The secrets of a connection by name, in every form, the longest first: one may stand within another.
struct Secrets(Vec<(String, Secret)>);

impl Dynamic {
    /// A position as it may be kept: an address without secrets, and nothing else that holds one, since only addresses are shown again.
    pub(crate) fn keepable(&self, call: Call<'_>, session: Option<&Session>, at: Option<&mut At>) -> Result<(), Simple> {
        let text = match at {
            Some(at @ At::Url(_)) => {
                if let At::Url(text) = &*at {
                    *at = At::Href(self.hide(call, session, text)?);
                }
                return Ok(());
            }
            Some(At::Cursor(value)) => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
            Some(at @ At::Values(_)) => at.value().to_string(),
            _ => return Ok(()),
        };
        let held = self.named(call, session).0.into_iter().find(|(name, secret)| name.starts_with("config.") && secret.expose().len() >= SHORTEST_CASED && stands(name, secret, &text));
        let Some((name, _)) = held else { return Ok(()) };
        let name = name.split('|').next().unwrap_or_default();
        Err(Simple::reject("definition_secret", format!("what names the next page holds the secret `{name}`, and where a run stands is kept in clear")))
    }

    /// An address as it may be kept.
    pub(crate) fn hide(&self, call: Call<'_>, session: Option<&Session>, text: &str) -> Result<String, Simple> {
        let Ok(mut url) = Url::parse(text) else { return Ok(text.to_owned()) };
        let place = match self.auth(call)? {
            Auth::ApiKey(apply) => Some(&apply.place),
            Auth::TokenExchange(exchange) => Some(&exchange.apply.place),
            _ => None,
        };
        if let Some(ApplyPlace::Query(name)) = place {
            // Whoever sends the request puts it there.
            credentials::without(&mut url, name);
        }
        // Neither is sent with an address.
        if url.set_username("").and_then(|()| url.set_password(None)).is_err() {
            return Err(Simple::reject("address_forbidden", "the link to the next page is no address of a page"));
        }
        url.set_fragment(None);
        let secrets = self.named(call, session);
        each(&mut url, |component| Ok(secrets.hidden(component)))?;
        Ok(url.into())
    }

    /// An address that was kept, as it is asked for.
    pub(crate) fn show(&self, call: Call<'_>, session: Option<&Session>, url: &mut Url) -> Result<(), Simple> {
        let secrets = self.named(call, session);
        each(url, |component| secrets.shown(component))
    }

    fn named(&self, call: Call<'_>, session: Option<&Session>) -> Secrets {
        let given = self.connector.config().iter().filter(|entry| entry.secret).filter_map(|entry| Some((format!("config.{}", entry.name), call.config.get(&entry.name)?.clone())));
        let captured = session.and_then(|session| session.captured.entries()).unwrap_or_default().iter().filter_map(|(name, value)| Some((format!("token.{name}"), Secret::new(value.plain()?))));
        let issued = session.into_iter().flat_map(|session| [Some(("token", &session.token)), session.refresh.as_ref().map(|refresh| ("refresh_token", refresh))]).flatten().map(|(name, secret)| (name.to_owned(), secret.clone()));
        let all = given.chain(issued).chain(captured).filter(|(_, secret)| secret.expose().len() >= SHORTEST);
        // As it is comes first: what is sorted keeps its order where two forms are as long.
        let mut secrets: Vec<_> = all.flat_map(|(name, secret)| FORMS.map(|(form, write)| (if form.is_empty() { name.clone() } else { format!("{name}|{form}") }, Secret::new(write(secret.expose()))))).collect();
        secrets.sort_by_key(|(_, secret)| std::cmp::Reverse(secret.expose().len()));
        Secrets(secrets)
    }
}

impl Secrets {
    /// A text with names for secrets; `None` where it is the same.
    fn hidden(&self, text: &str) -> Option<String> {
        let (mut out, mut rest) = (String::new(), text);
        while let Some(char) = rest.chars().next() {
            if let Some((name, length)) = self.at(rest) {
                out.push_str(&format!("{{{name}}}"));
                rest = &rest[length..];
                continue;
            }
            out.push_str(if char == '{' { "{{" } else { &rest[..char.len_utf8()] });
            rest = &rest[char.len_utf8()..];
        }
        (out != text).then_some(out)
    }

    /// The name of the longest secret that a text begins with, and its length there; one that stands in its own letters comes first.
    fn at(&self, text: &str) -> Option<(String, usize)> {
        let begins = |(name, secret): &&(String, Secret)| text.starts_with(secret.expose()) || is_blind(name, secret) && text.as_bytes().get(..secret.expose().len()).is_some_and(|own| own.eq_ignore_ascii_case(secret.expose().as_bytes()));
        let (name, secret) = self.0.iter().find(begins)?;
        let length = secret.expose().len();
        let exact = self.0.iter().find(|(_, other)| other.expose().len() == length && text.starts_with(other.expose()));
        Some((exact.map_or_else(|| format!("{name}{TURNED}{}", turned(secret.expose(), text)), |(name, _)| name.clone()), length))
    }

    /// The text with the secrets in the place of their names; `None` where it is the same.
    fn shown(&self, text: &str) -> Result<Option<String>, Simple> {
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            rest = if let Some(after) = after.strip_prefix('{') {
                out.push('{');
                after
            } else {
                let (name, behind) = after.split_once('}').unwrap_or((after, ""));
                let (name, turned) = name.split_once(TURNED).unwrap_or((name, ""));
                let found = self.0.iter().find(|(known, _)| known == name);
                let (_, secret) = found.ok_or_else(|| Simple::park("config_missing", "the connection has no value any more for a secret in the address of the next page"))?;
                out.push_str(&turn(secret.expose(), turned));
                behind
            };
        }
        out.push_str(rest);
        Ok((out != text).then_some(out))
    }
}

/// What stands between the name of a secret and which of its letters are turned.
const TURNED: char = '~';

/// Whether a form of a secret is looked for in large and small letters alike; those of base64 differ.
fn is_blind(name: &str, secret: &Secret) -> bool {
    !name.contains("|base64") && is_cased(secret.expose().as_bytes())
}

/// Whether a text holds a form of a secret.
fn stands(name: &str, secret: &Secret, text: &str) -> bool {
    let secret_bytes = secret.expose().as_bytes();
    text.contains(secret.expose()) || is_blind(name, secret) && text.as_bytes().windows(secret_bytes.len()).any(|own| own.eq_ignore_ascii_case(secret_bytes))
}

/// Which letters of a secret are turned where a text begins with it: a bit for each of its bytes.
fn turned(secret: &str, text: &str) -> String {
    let bits: Vec<bool> = secret.bytes().zip(text.bytes()).map(|(own, other)| own != other).collect();
    hex::encode(bits.chunks(8).map(|bits| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))).collect::<Vec<u8>>())
}

/// A secret with some letters turned.
fn turn(secret: &str, turned: &str) -> String {
    let bits = hex::decode(turned).unwrap_or_default();
    let is_turned = |at: usize| bits.get(at / 8).is_some_and(|byte| byte >> (at % 8) & 1 == 1);
    secret.char_indices().map(|(at, char)| if !is_turned(at) { char } else if char.is_ascii_lowercase() { char.to_ascii_uppercase() } else { char.to_ascii_lowercase() }).collect()
}

/// Changes the steps of a path, and the names and values of a query; what stays as it is stays as it is written.
fn each(url: &mut Url, change: impl Fn(&str) -> Result<Option<String>, Simple>) -> Result<(), Simple> {
    let decoded = |raw: &str| parse(raw.as_bytes()).next().map(|(text, _)| text.into_owned()).unwrap_or_default();
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let mut changed = false;
    let mut made = |raw: &str, path: bool| -> Result<String, Simple> {
        // A plus is a space in a query alone, and the other signs end nothing here.
        let plain = raw.replace('&', "%26").replace('=', "%3D");
        let new = change(&decoded(&if path { plain.replace('+', "%2B") } else { plain }))?;
        changed |= new.is_some();
        Ok(new.map_or_else(|| raw.to_owned(), |text| if path { encoded(&text).replace('+', "%20") } else { encoded(&text) }))
    };
    let path: Vec<String> = url.path().split('/').map(|step| made(step, true)).collect::<Result<_, _>>()?;
    let query: Vec<String> = url.query().unwrap_or_default().split('&').map(|raw| match raw.split_once('=') {
        Some((name, value)) => Ok(format!("{}={}", made(name, false)?, made(value, false)?)),
        None => made(raw, false),
    }).collect::<Result<_, Simple>>()?;
    if changed {
        url.set_path(&path.join("/"));
        let query = query.join("&");
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
    }
    Ok(())
}
