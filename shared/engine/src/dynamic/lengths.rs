//! How far a run looks back and how much it asks for at once, where the configuration may say it.

use connector::{Incremental, Length, Measure, Read};
use document::{Arena, Fuel};
use fault::Simple;

use super::{Dynamic, anew::tick, names::Values};
use crate::Call;

/// The lengths of a run: milliseconds, or as many numbers.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Lengths {
    /// The longest span asked for at once.
    pub(crate) window: Option<i64>,
    /// How far the start is put back: something at least, because some take the start as the first that counts and some as the last that does not.
    pub(crate) lookback: i64,
}

impl Dynamic {
    /// The lengths a connection reads an entity by.
    pub(crate) fn lengths(&self, call: Call<'_>, read: &Read) -> Result<Lengths, Simple> {
        let Some(incremental) = &read.incremental else { return Ok(Lengths::default()) };
        let window = incremental.window.as_ref().map(|window| self.length(call, incremental, "window", window)).transpose()?;
        let lookback = self.length(call, incremental, "lookback", &incremental.lookback)?;
        Ok(Lengths { window: window.flatten(), lookback: lookback.unwrap_or_else(|| incremental.usual_lookback()).max(tick(incremental)) })
    }

    /// A length; none where the configuration gives none.
    fn length(&self, call: Call<'_>, incremental: &Incremental, key: &str, length: &Length) -> Result<Option<i64>, Simple> {
        let given = match length {
            Length::Fixed(length) => return Ok(Some(*length)),
            Length::Given(given) => given,
        };
        let values = Values::of(self.connector.config(), call.config);
        let (arena, fuel) = (Arena::new(), Fuel::default());
        let text = { values.scene(&arena, &fuel, call.now_ms).text(given).map_err(|error| Simple::from_fault(&error))?.map(std::borrow::Cow::into_owned) };
        let measure = Measure { nothing: key == "lookback", ..incremental.measure() };
        // The value itself is not told: whatever a connection holds may be a secret.
        let wrong = || Simple::park("config_invalid", format!("`incremental.{key}` is `{}`, and what the connection has there is no length: it is {}", given.source(), measure.form()));
        text.map(|text| measure.read(&text).ok_or_else(wrong)).transpose()
    }
}
