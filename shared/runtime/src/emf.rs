//! Metrics as one line of CloudWatch's embedded metric format per batch.
//!
//! Each combination of dimensions is billed as a metric of its own, so there are two small sets and no more; tenant and
//! flow are properties, which can be searched and cost nothing.

use std::collections::BTreeMap;

use canonical::{Clock as _, Millis};
use serde_json::{Map, Value, json};

use crate::{SystemClock, log::write_line};

/// What the format takes for one metric of one line.
const VALUES: usize = 100;

/// The metrics there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Changes taken in.
    Received,
    /// Effects made.
    Applied,
    /// Events a newer one overtook.
    Superseded,
    /// Events that were already done.
    Duplicate,
    /// Events a definition does not want.
    Filtered,
    /// Events given up.
    Dead,
    /// Events whose fate is not known: an alarm.
    Unaccounted,
    /// Milliseconds one attempt took.
    AttemptLatency,
    /// Milliseconds from receipt to effect.
    EndToEndLatency,
    /// Slots another worker held.
    LeaseConflict,
    /// Slots asserted again after an unclear end.
    DirtyReassert,
    /// Destinations that are being spared.
    BreakerOpen,
    /// Events that wait for a person or a time.
    Parked,
    /// Milliseconds a poll is behind its interval.
    PollLag,
    /// Sources that repeat themselves.
    CursorLoop,
    /// Milliseconds waited for a rate limit.
    RateWait,
    /// Requests to AWS for each event.
    AwsRequestsPerEvent,
    /// Keys fetched because none was at hand.
    KmsCacheMiss,
    /// Secrets found where none may be.
    SecretScanHit,
}

impl Metric {
    /// The name in CloudWatch.
    fn word(self) -> String {
        format!("{self:?}")
    }

    fn unit(self) -> &'static str {
        match self {
            Metric::AttemptLatency | Metric::EndToEndLatency | Metric::PollLag | Metric::RateWait => "Milliseconds",
            Metric::AwsRequestsPerEvent => "None",
            _ => "Count",
        }
    }
}

/// The metrics of one batch.
#[derive(Debug, Clone)]
pub struct Metrics {
    dimensions: Vec<(&'static str, String)>,
    connector: bool,
    properties: Map<String, Value>,
    counts: BTreeMap<Metric, Value>,
    samples: BTreeMap<Metric, Vec<u64>>,
}

impl Metrics {
    /// Nothing yet, of a service (the function), a stage and an outcome.
    #[must_use]
    pub fn new(service: &str, stage: &str, outcome: &str) -> Self {
        let dimensions = vec![("service", service.to_owned()), ("stage", stage.to_owned()), ("outcome", outcome.to_owned())];
        Self { dimensions, connector: false, properties: Map::new(), counts: BTreeMap::new(), samples: BTreeMap::new() }
    }

    /// Counts also by the connector's type.
    #[must_use]
    pub fn connector(mut self, connector_type: &str) -> Self {
        self.dimensions.retain(|(name, _)| *name != "connector_type");
        self.dimensions.push(("connector_type", connector_type.to_owned()));
        self.connector = true;
        self
    }

    /// The tenant, as a property.
    #[must_use]
    pub fn tenant(mut self, tenant: &str) -> Self {
        self.properties.insert("tenant".to_owned(), tenant.into());
        self
    }

    /// The flow, as a property.
    #[must_use]
    pub fn flow(mut self, flow: &str) -> Self {
        self.properties.insert("flow".to_owned(), flow.into());
        self
    }

    /// Adds to a count.
    pub fn add(&mut self, metric: Metric, count: u64) {
        let value = self.counts.entry(metric).or_insert_with(|| 0.into());
        *value = value.as_u64().unwrap_or_default().saturating_add(count).into();
    }

    /// Adds one measurement, such as milliseconds.
    pub fn observe(&mut self, metric: Metric, value: u64) {
        self.samples.entry(metric).or_default().push(value);
    }

    /// Sets a metric to so many of these for each of those, to three decimals; nothing when there are none of those.
    pub fn ratio(&mut self, metric: Metric, these: u64, those: u64) {
        let Some(thousandths) = these.saturating_mul(1000).checked_div(those) else { return };
        #[expect(clippy::cast_precision_loss, reason = "a metric, far below 2^53")]
        self.counts.insert(metric, (thousandths as f64 / 1000.0).into());
    }

    /// The lines as of a time: one, unless there are more measurements than one line takes. None for an empty batch.
    #[must_use]
    pub fn render(&self, now_ms: Millis) -> Vec<String> {
        let longest = self.samples.values().map(Vec::len).max().unwrap_or(0);
        let lines = longest.div_ceil(VALUES).max(usize::from(!self.counts.is_empty()));
        (0..lines).map(|line| self.line(line, now_ms)).collect()
    }

    /// Writes the lines.
    pub fn emit(&self) {
        for line in self.render(SystemClock.now_ms()) {
            write_line(&line);
        }
    }

    fn line(&self, index: usize, now_ms: Millis) -> String {
        let mut values: Vec<(Metric, Value)> = Vec::new();
        if index == 0 {
            values.extend(self.counts.iter().map(|(metric, value)| (*metric, value.clone())));
        }
        values.extend(self.samples.iter().filter_map(|(metric, samples)| Some((*metric, samples.chunks(VALUES).nth(index)?.into()))));
        let mut sets = vec![json!(["service", "stage", "outcome"])];
        if self.connector {
            sets.push(json!(["connector_type", "outcome"]));
        }
        let described: Vec<Value> = values.iter().map(|(metric, _)| json!({ "Name": metric.word(), "Unit": metric.unit() })).collect();
        let directive = json!({ "Namespace": "PullPush", "Dimensions": sets, "Metrics": described });
        let mut line = Map::new();
        line.insert("_aws".to_owned(), json!({ "Timestamp": now_ms, "CloudWatchMetrics": [directive] }));
        line.extend(self.dimensions.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())));
        line.extend(self.properties.iter().map(|(name, value)| (name.clone(), value.clone())));
        line.extend(values.into_iter().map(|(metric, value)| (metric.word(), value)));
        Value::Object(line).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_one_line_with_two_sets_of_dimensions() {
        let mut metrics = Metrics::new("deliver", "send", "applied").connector("shop").tenant("t_1").flow("flo_1");
        metrics.add(Metric::Applied, 9);
        metrics.add(Metric::Applied, 1);
        metrics.observe(Metric::AttemptLatency, 12);
        metrics.observe(Metric::AttemptLatency, 15);
        metrics.ratio(Metric::AwsRequestsPerEvent, 25, 10);
        assert_eq!(
            metrics.render(7),
            [concat!(
                r#"{"_aws":{"Timestamp":7,"CloudWatchMetrics":[{"Namespace":"PullPush","Dimensions":[["service","stage","outcome"],["connector_type","outcome"]],"#,
                r#""Metrics":[{"Name":"Applied","Unit":"Count"},{"Name":"AwsRequestsPerEvent","Unit":"None"},{"Name":"AttemptLatency","Unit":"Milliseconds"}]}]},"#,
                r#""service":"deliver","stage":"send","outcome":"applied","connector_type":"shop","tenant":"t_1","flow":"flo_1","Applied":10,"AwsRequestsPerEvent":2.5,"AttemptLatency":[12,15]}"#
            )]
        );
    }

    #[test]
    fn every_dimension_named_is_there_and_tenants_are_never_one() {
        let mut metrics = Metrics::new("poll", "page", "done").tenant("t_1").flow("flo_1");
        metrics.add(Metric::Received, 3);
        let line: Value = serde_json::from_str(&metrics.render(7)[0]).unwrap();
        let sets = &line["_aws"]["CloudWatchMetrics"][0]["Dimensions"];
        assert_eq!(*sets, json!([["service", "stage", "outcome"]]));
        for name in sets[0].as_array().unwrap() {
            assert!(line[name.as_str().unwrap()].is_string());
        }
    }

    #[test]
    fn more_measurements_than_a_line_takes_go_on_in_the_next_and_counts_do_not() {
        let mut metrics = Metrics::new("deliver", "send", "applied");
        metrics.add(Metric::Applied, 150);
        (0..150).for_each(|ms| metrics.observe(Metric::AttemptLatency, ms));
        let lines: Vec<Value> = metrics.render(7).iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        let lengths: Vec<_> = lines.iter().map(|line| line["AttemptLatency"].as_array().unwrap().len()).collect();
        assert_eq!((lengths, &lines[0]["Applied"], &lines[1]["Applied"]), (vec![100, 50], &json!(150), &Value::Null));
    }

    #[test]
    fn an_empty_batch_writes_nothing() {
        let mut metrics = Metrics::new("poll", "page", "done");
        assert!(metrics.render(7).is_empty());
        metrics.ratio(Metric::AwsRequestsPerEvent, 3, 0);
        assert!(metrics.render(7).is_empty());
    }
}
