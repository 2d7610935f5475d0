//! Metrics as lines of CloudWatch's embedded metric format.
//!
//! Each combination of dimensions is billed as a metric of its own, so there are two small sets and no more: service,
//! stage and outcome, and for destinations the kind of their connector and the outcome.

use std::collections::BTreeMap;

use canonical::Millis;
use pipeline::{Group, Metric, Tally};
use serde_json::{Map, Value, json};

/// What the format takes for one metric of one line.
const VALUES: usize = 100;

/// Where metrics come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin<'a> {
    /// The function, a property: it can be searched and costs nothing.
    pub function: &'a str,
    /// The deployment.
    pub stage: &'a str,
}

/// What is known beside the tally: requests to AWS, and how many of them asked for a key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Requests {
    /// All of them.
    pub all: u64,
    /// Those to the key service.
    pub keys: u64,
}

/// The lines of a tally as of a time; none where nothing was counted.
#[must_use]
pub fn lines(origin: Origin<'_>, tally: &Tally, requests: Requests, now_ms: Millis) -> Vec<String> {
    let mut groups: BTreeMap<&Group, Vec<(Metric, Value)>> = BTreeMap::new();
    for (group, counts) in &tally.counts {
        groups.entry(group).or_default().extend(counts.iter().map(|(metric, count)| (*metric, (*count).into())));
    }
    for (group, samples) in &tally.samples {
        groups.entry(group).or_default().extend(samples.iter().map(|(metric, values)| (*metric, values.as_slice().into())));
    }
    let all: Group = ("ok", None);
    if let Some(thousandths) = requests.all.saturating_mul(1000).checked_div(tally.handled) {
        #[expect(clippy::cast_precision_loss, reason = "a metric, far below 2^53")]
        groups.entry(&all).or_default().push((Metric::AwsRequestsPerEvent, (thousandths as f64 / 1000.0).into()));
    }
    if requests.keys > 0 {
        groups.entry(&all).or_default().push((Metric::KmsCacheMiss, requests.keys.into()));
    }
    groups.into_iter().flat_map(|(group, values)| split(origin, group, &values, now_ms)).collect()
}

/// One line, or several where there are more measurements than one takes: counts are on the first alone.
fn split(origin: Origin<'_>, group: &Group, values: &[(Metric, Value)], now_ms: Millis) -> Vec<String> {
    let longest = values.iter().filter_map(|(_, value)| value.as_array().map(Vec::len)).max().unwrap_or(0);
    (0..longest.div_ceil(VALUES).max(1))
        .map(|index| {
            let part = |(metric, value): &(Metric, Value)| match value {
                Value::Array(values) => Some((*metric, values.chunks(VALUES).nth(index)?.into())),
                value => (index == 0).then(|| (*metric, value.clone())),
            };
            line(origin, group, &values.iter().filter_map(part).collect::<Vec<_>>(), now_ms)
        })
        .collect()
}

fn line(origin: Origin<'_>, (outcome, connector): &Group, values: &[(Metric, Value)], now_ms: Millis) -> String {
    let dimensions = if connector.is_some() { json!([["connector_type", "outcome"]]) } else { json!([["service", "stage", "outcome"]]) };
    let described: Vec<Value> = values.iter().map(|(metric, _)| json!({ "Name": name(*metric), "Unit": unit(*metric) })).collect();
    let directive = json!({ "Namespace": "PullPush", "Dimensions": dimensions, "Metrics": described });
    let mut line = Map::new();
    line.insert("_aws".to_owned(), json!({ "Timestamp": now_ms, "CloudWatchMetrics": [directive] }));
    line.insert("service".to_owned(), "pullpush".into());
    line.insert("stage".to_owned(), origin.stage.into());
    line.insert("outcome".to_owned(), (*outcome).into());
    if let Some(connector) = connector {
        line.insert("connector_type".to_owned(), connector.as_str().into());
    }
    line.insert("fn".to_owned(), origin.function.into());
    line.extend(values.iter().map(|(metric, value)| (name(*metric), value.clone())));
    Value::Object(line).to_string()
}

/// The name in CloudWatch.
fn name(metric: Metric) -> String {
    format!("{metric:?}")
}

fn unit(metric: Metric) -> &'static str {
    match metric {
        Metric::AttemptLatency | Metric::EndToEndLatency | Metric::PollLag | Metric::RateWait => "Milliseconds",
        Metric::AwsRequestsPerEvent => "None",
        _ => "Count",
    }
}

#[cfg(test)]
mod tests {
    use pipeline::Meter;
    use protocol::Outcome;

    use super::*;

    const ORIGIN: Origin<'static> = Origin { function: "deliver", stage: "prod" };

    #[test]
    fn a_tally_is_a_line_for_each_set_of_dimensions() {
        let meter = Meter::on(0);
        meter.ended(Some("api"), Outcome::Applied);
        meter.ended(Some("api"), Outcome::Applied);
        meter.attempt("api", true, 12);
        meter.handled(10);
        assert_eq!(
            lines(ORIGIN, &meter.take(), Requests { all: 25, keys: 1 }, 7),
            [
                concat!(
                    r#"{"_aws":{"Timestamp":7,"CloudWatchMetrics":[{"Namespace":"PullPush","Dimensions":[["service","stage","outcome"]],"#,
                    r#""Metrics":[{"Name":"Applied","Unit":"Count"},{"Name":"AttemptLatency","Unit":"Milliseconds"},{"Name":"AwsRequestsPerEvent","Unit":"None"},{"Name":"KmsCacheMiss","Unit":"Count"}]}]},"#,
                    r#""service":"pullpush","stage":"prod","outcome":"ok","fn":"deliver","Applied":2,"AttemptLatency":[12],"AwsRequestsPerEvent":2.5,"KmsCacheMiss":1}"#
                ),
                concat!(
                    r#"{"_aws":{"Timestamp":7,"CloudWatchMetrics":[{"Namespace":"PullPush","Dimensions":[["connector_type","outcome"]],"#,
                    r#""Metrics":[{"Name":"Applied","Unit":"Count"},{"Name":"AttemptLatency","Unit":"Milliseconds"}]}]},"#,
                    r#""service":"pullpush","stage":"prod","outcome":"ok","connector_type":"api","fn":"deliver","Applied":2,"AttemptLatency":[12]}"#
                ),
            ]
        );
    }

    #[test]
    fn every_dimension_named_is_there() {
        let meter = Meter::on(0);
        meter.attempt("api", false, 3);
        for line in lines(ORIGIN, &meter.take(), Requests::default(), 7) {
            let line: Value = serde_json::from_str(&line).unwrap();
            for name in line["_aws"]["CloudWatchMetrics"][0]["Dimensions"][0].as_array().unwrap() {
                assert!(line[name.as_str().unwrap()].is_string(), "{line}");
            }
        }
    }

    #[test]
    fn more_measurements_than_a_line_takes_go_on_in_the_next_and_counts_do_not() {
        let meter = Meter::on(0);
        meter.add(Metric::Applied, 150);
        (0..150).for_each(|ms| meter.observe(Metric::EndToEndLatency, ms));
        let lines: Vec<Value> = lines(ORIGIN, &meter.take(), Requests::default(), 7).iter().map(|line| serde_json::from_str(line).unwrap()).collect();
        let lengths: Vec<_> = lines.iter().map(|line| line["EndToEndLatency"].as_array().unwrap().len()).collect();
        assert_eq!((lengths, &lines[0]["Applied"], &lines[1]["Applied"]), (vec![100, 50], &json!(150), &Value::Null));
    }

    #[test]
    fn nothing_counted_writes_nothing_and_a_zero_that_was_counted_is_written() {
        let meter = Meter::on(0);
        assert!(lines(ORIGIN, &meter.take(), Requests { all: 3, keys: 0 }, 7).is_empty());
        meter.add(Metric::Unaccounted, 0);
        assert!(lines(ORIGIN, &meter.take(), Requests::default(), 7)[0].ends_with(r#""Unaccounted":0}"#));
    }
}
