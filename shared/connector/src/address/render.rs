//! An address with its values.

use url::Url;

use super::{Address, Base, Host, piece::{Piece, encode, shown}};
use crate::{RenderError, Scene};

impl Address {
    /// The address with its values.
    ///
    /// # Errors
    /// A value that is absent, unfit for its place, or missing on the connection.
    pub fn render<'a>(&'a self, scene: &Scene<'_, 'a>) -> Result<Url, RenderError> {
        self.render_with(scene, &[])
    }

    /// As [`Address::render`], with the values of its places `{name}`.
    ///
    /// # Errors
    /// As [`Address::render`].
    pub fn render_with<'a>(&'a self, scene: &Scene<'_, 'a>, holes: &[(&str, &str)]) -> Result<Url, RenderError> {
        let mut out = match &self.base {
            Some(start) => base(start, scene)?,
            None => self.host(scene)?,
        };
        for piece in &self.rest {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Value(template) => {
                    let value = scene.text(template)?.ok_or_else(|| RenderError::AbsentInAddress(shown(template)))?;
                    segment(&value, || shown(template), &mut out)?;
                }
                Piece::Hole(name) => {
                    let value = holes.iter().find_map(|(hole, value)| (hole == name).then_some(*value)).ok_or_else(|| RenderError::AbsentInAddress(name.clone()))?;
                    segment(value, || name.clone(), &mut out)?;
                }
            }
        }
        Url::parse(&out).map_err(|_| RenderError::Address)
    }

    fn host<'a>(&'a self, scene: &Scene<'_, 'a>) -> Result<String, RenderError> {
        let mut out = "https://".to_owned();
        for host in &self.authority {
            match host {
                Host::Text(text) => out.push_str(text),
                Host::Name(template, pattern) => {
                    let value = scene.text(template)?.ok_or_else(|| RenderError::AbsentInAddress(shown(template)))?;
                    let plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
                    if !plain || value.is_empty() || !pattern.fits(&value) {
                        return Err(RenderError::Unfit(shown(template)));
                    }
                    out.push_str(&value);
                }
            }
        }
        Ok(out)
    }
}

/// A value as one segment of the path, or one component of the query.
fn segment(value: &str, name: impl Fn() -> String, out: &mut String) -> Result<(), RenderError> {
    if !out.contains('?') && matches!(value, "." | ".." | "") {
        return Err(RenderError::Unfit(name()));
    }
    encode(value, out);
    Ok(())
}

fn base<'a>(base: &'a Base, scene: &Scene<'_, 'a>) -> Result<String, RenderError> {
    let template = &base.template;
    let Some(text) = scene.text(template)? else { return Err(RenderError::ConfigMissing(shown(template))) };
    let unfit = || RenderError::Unfit(shown(template));
    let url = Url::parse(text.trim()).map_err(|_| unfit())?;
    if !base.hosts.is_empty() && !url.host_str().is_some_and(|host| base.hosts.iter().any(|known| fits(known, host))) {
        return Err(RenderError::Host(shown(template)));
    }
    let plain = matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none() && url.query().is_none() && url.fragment().is_none();
    if plain { Ok(url.as_str().trim_end_matches('/').to_owned()) } else { Err(unfit()) }
}

/// Whether a host is the one written, or lies below it where it is written as `*.example.com`.
fn fits(known: &str, host: &str) -> bool {
    match known.strip_prefix("*.") {
        Some(parent) => host.len() > parent.len() + 1 && host.strip_suffix(parent).is_some_and(|label| label.ends_with('.')),
        None => known.eq_ignore_ascii_case(host),
    }
}
